import CHiredis
import Testing

@testable import Redis

/// hiredis's parser with our hooks, without a connection around it.
final class Parser {
    struct Refused: Error, Equatable {
        let words: String
    }

    private let parser: UnsafeMutablePointer<redisReader>
    private let reader: ReplyReader

    init() throws {
        parser = try #require(redisReaderCreateWithFunctions(nil))
        reader = ReplyReader(in: parser)
    }

    deinit { redisReaderFree(parser) }

    func feed(_ bytes: some Collection<UInt8>) {
        Array(bytes).withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            _ = redisReaderFeed(parser, start, bytes.count)
        }
    }

    /// The next reply, or nil if it has not arrived whole.
    func next() throws -> Reply? {
        var reply: UnsafeMutableRawPointer?
        guard redisReaderGetReply(parser, &reply) == REDIS_OK else {
            throw Refused(words: withUnsafeBytes(of: parser.pointee.errstr) { words(in: $0) })
        }
        header = reply?.assumingMemoryBound(to: redisReply.self).pointee
        return reply == nil ? nil : reader.take()
    }

    /// What hiredis would see if it looked into the last reply.
    private(set) var header: redisReply?

    static func parse(_ text: String) throws -> Reply {
        let parser = try Parser()
        parser.feed(text.utf8)
        return try #require(try parser.next())
    }

    private func words(in bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
