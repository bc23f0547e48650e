import Bytes

/// One command, encoded for the wire as it is built.
///
/// It is a single buffer. The head of a command says how many words follow (`*3\r\n`) and changes as words are
/// appended, so room for it is kept before the words and filled from the right:
///
///     ........*2\r\n$7\r\nHGETALL\r\n$9\r\n{0}:w:abc\r\n0
///
/// The last byte is a NUL that is not sent: hiredis reads one byte beyond a command of one word.
///
/// A command must have a name before it is sent, and must have exactly one reply: commands that change the mode of the
/// connection (`SUBSCRIBE`, `MONITOR`, `HELLO`, `QUIT`) are not supported.
public struct Command: Sendable, Equatable {
    /// Whether running the command twice has the same effect as once, which only the caller can know.
    ///
    /// Such a command is sent again if its connection is lost before the reply.
    public var isHarmlessToRepeat = false

    /// The fields whose values the reply is reduced to; nil leaves it as it is.
    private(set) var fields: HashFields?

    public private(set) var wordCount: Int
    private var buffer: [UInt8]

    public init(_ words: String...) {
        self.init(words)
    }

    public init(_ words: [String]) {
        wordCount = words.count
        buffer = []
        buffer.reserveCapacity(
            words.reduce(Self.headRoom + 1) { size, word in size + word.utf8.count + Self.wordOverhead }
        )
        buffer.append(contentsOf: repeatElement(0, count: Self.headRoom))
        for word in words { write(word) }
        buffer.append(0)
        writeHead()
    }

    private init(hashFields: HashFields) {
        fields = hashFields
        isHarmlessToRepeat = true
        wordCount = 2
        buffer = []
    }

    /// The head of a command of two words, and its first word.
    private static let hashHead: [UInt8] = {
        let command = Self("HGETALL", "")
        return Array(command.buffer.dropLast("$0\r\n\r\n\0".utf8.count))
    }()

    /// Creates a command that is harmless to repeat.
    public static func reading(_ words: String...) -> Self {
        var command = Self(words)
        command.isHarmlessToRepeat = true
        return command
    }

    /// Creates a command that reads fields of a hash; its reply is an array of their values, null for missing fields.
    ///
    /// It sends HGETALL instead of HMGET: Redis finds each field of an HMGET by scanning those before it, so reading
    /// most of a small hash with HMGET takes half as long again (https://redis.io/commands/hgetall).
    ///
    /// - Parameters:
    ///   - fields: the fields whose values are wanted.
    ///   - key: the key of the hash, or its first part.
    ///   - rest: the rest of the key.
    /// - Returns: a command that is harmless to repeat.
    public static func reading(_ fields: HashFields, of key: String, _ rest: String = "") -> Self {
        var command = Self(hashFields: fields)
        let keyCount = key.utf8.count + rest.utf8.count
        command.buffer.reserveCapacity(hashHead.count + wordOverhead + keyCount + 1)
        command.buffer += hashHead
        command.writeLength(keyCount)
        command.write(bytesOf: key)
        command.write(bytesOf: rest)
        command.writeLineEnd()
        command.buffer.append(0)
        return command
    }

    public mutating func append(_ word: String) {
        extend { $0.write(word) }
    }

    /// Appends a word of arbitrary bytes.
    public mutating func append(_ bytes: [UInt8]) {
        extend { command in bytes.withUnsafeBufferPointer { command.write($0) } }
    }

    /// Appends a number in decimal digits.
    public mutating func append(_ integer: Int) {
        extend { command in
            var digits: [UInt8] = []
            digits.append(decimal: integer)
            digits.withUnsafeBufferPointer { command.write($0) }
        }
    }

    /// The bytes to send.
    var encoded: ArraySlice<UInt8> {
        buffer[headStart..<buffer.count - 1]
    }

    /// Calls `body` with the bytes to send and their number; a NUL follows them.
    func withEncoded<Result>(_ body: (UnsafePointer<CChar>, Int) -> Result) -> Result {
        precondition(wordCount > 0, "a command without a name")
        return buffer.withUnsafeBytes { bytes in
            let start = headStart
            return body(
                bytes.baseAddress!.advanced(by: start).assumingMemoryBound(to: CChar.self),
                bytes.count - 1 - start
            )
        }
    }

    // MARK: Encoding

    private mutating func extend(_ writeWord: (inout Self) -> Void) {
        buffer.removeLast()
        writeWord(&self)
        buffer.append(0)
        wordCount += 1
        writeHead()
    }

    private mutating func write(_ word: String) {
        var word = word
        word.withUTF8 { write($0) }
    }

    private mutating func writeLength(_ count: Int) {
        buffer.append(UInt8(ascii: "$"))
        buffer.append(decimal: count)
        writeLineEnd()
    }

    private mutating func write(bytesOf text: String) {
        var text = text
        text.withUTF8 { buffer.append(contentsOf: $0) }
    }

    private mutating func write(_ word: UnsafeBufferPointer<UInt8>) {
        writeLength(word.count)
        buffer.append(contentsOf: word)
        writeLineEnd()
    }

    private mutating func writeLineEnd() {
        buffer.append(UInt8(ascii: "\r"))
        buffer.append(UInt8(ascii: "\n"))
    }

    private mutating func writeHead() {
        var position = Self.headRoom - 1
        buffer[position] = UInt8(ascii: "\n")
        position -= 1
        buffer[position] = UInt8(ascii: "\r")
        var rest = wordCount
        repeat {
            position -= 1
            buffer[position] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        } while rest > 0
        buffer[position - 1] = UInt8(ascii: "*")
    }

    /// The index of the star; the head has three bytes besides its digits.
    private var headStart: Int {
        var digits = 1
        var rest = wordCount / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        return Self.headRoom - 3 - digits
    }

    /// Enough for nine digits; Redis accepts at most a million words.
    private static let headRoom = 12
    /// A dollar sign, a length and two line ends, for words of up to ten million bytes.
    private static let wordOverhead = 12
}
