import CHiredis
import Testing

@testable import Redis

/// hiredis's parser with our hooks, without a connection.
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

    /// Returns the next reply, or nil if it has not arrived completely.
    func next() throws -> Reply? {
        var reply: UnsafeMutableRawPointer?
        guard redisReaderGetReply(parser, &reply) == REDIS_OK else {
            throw Refused(words: withUnsafeBytes(of: parser.pointee.errstr) { words(in: $0) })
        }
        header = reply?.assumingMemoryBound(to: redisReply.self).pointee
        return reply == nil ? nil : reader.finish()
    }

    /// The last reply as hiredis would see it.
    private(set) var header: redisReply?

    /// Parses one reply that has arrived completely.
    static func parse(_ text: String) throws -> Reply {
        let parser = try Parser()
        parser.feed(text.utf8)
        return try #require(try parser.next())
    }

    private func words(in bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}

extension Reply {
    /// The bytes of a text; empty for anything else.
    var bytes: ArraySlice<UInt8> {
        let node = node
        return node.kind == .text ? block[range(of: node)] : []
    }
}
