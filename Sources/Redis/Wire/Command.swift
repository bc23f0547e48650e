import Bytes

/// One command, encoded for the wire as it is built.
///
/// It is a single buffer. The head of a command says how many words follow (`*3\r\n`), so its digits change while words
/// are appended; room for it is kept in front of the words and filled from the right:
///
///     ........*2\r\n$7\r\nHGETALL\r\n$9\r\n{0}:w:abc\r\n0
///
/// The last byte is a NUL that is not sent: hiredis looks one byte beyond a command of one word.
///
/// A command must have a name before it is sent, and must be one that has exactly one reply: those that turn the
/// connection into something else (`SUBSCRIBE`, `MONITOR`, `HELLO`, `QUIT`) are not for it.
package struct Command: Sendable, Equatable {
    /// Whether Redis is left the same if it runs the command twice, which only the caller can know.
    ///
    /// Such a command is sent again when its connection is lost before the reply has come.
    package var isHarmlessToRepeat = false

    /// The fields whose values are wanted of the hash that comes.
    private(set) var fields: HashFields?

    package private(set) var wordCount: Int
    private var buffer: [UInt8]

    package init(_ words: String...) {
        self.init(words)
    }

    package init(_ words: [String]) {
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

    /// The head of a command of two words, and the first of them.
    private static let hashHead: [UInt8] = {
        let command = Self("HGETALL", "")
        return Array(command.buffer.dropLast("$0\r\n\r\n\0".utf8.count))
    }()

    /// A command that is harmless to repeat.
    package static func reading(_ words: String...) -> Self {
        var command = Self(words)
        command.isHarmlessToRepeat = true
        return command
    }

    /// A command that reads fields of a hash; the reply is an array of their values, null for those that are not there.
    ///
    /// That is HMGET, but what is sent is HGETALL: Redis finds each field of an HMGET by passing those before it, so that
    /// for most of a small hash it takes half as long again (https://redis.io/commands/hgetall).
    ///
    /// The key may be given in two parts.
    package static func reading(_ fields: HashFields, of key: String, _ rest: String = "") -> Self {
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

    package mutating func append(_ word: String) {
        extend { $0.write(word) }
    }

    /// Appends a word that may hold any bytes.
    package mutating func append(_ bytes: [UInt8]) {
        extend { command in bytes.withUnsafeBufferPointer { command.write($0) } }
    }

    /// Appends a number in decimal digits.
    package mutating func append(_ integer: Int) {
        extend { command in
            var digits: [UInt8] = []
            digits.append(decimal: integer)
            digits.withUnsafeBufferPointer { command.write($0) }
        }
    }

    /// What goes over the wire.
    var encoded: ArraySlice<UInt8> {
        buffer[headStart..<buffer.count - 1]
    }

    /// Calls `body` with what goes over the wire; a NUL stands behind it.
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

    /// Where the star stands: three more bytes of the head are no digits.
    private var headStart: Int {
        var digits = 1
        var rest = wordCount / 10
        while rest > 0 {
            digits += 1
            rest /= 10
        }
        return Self.headRoom - 3 - digits
    }

    /// Enough for nine digits; Redis takes a million words at most.
    private static let headRoom = 12
    /// A dollar sign, a length and two line ends, for words of up to ten million bytes.
    private static let wordOverhead = 12
}
