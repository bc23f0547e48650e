import Bytes

/// Writes JSON directly into bytes, in the order of the calls.
///
/// It does not track commas and brackets: answers have a fixed shape, which the caller's literals spell out.
///
///     json.literal("{\"name\":")
///     json.string(work.name)
///     json.literal("}")
public struct JSONWriter: Sendable {
    public var bytes: [UInt8] = []

    public init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// Writes a text as a string: only `"`, `\` and control characters are escaped.
    public mutating func string(_ text: String) {
        text.utf8.span.withUnsafeBufferPointer { quote($0, escapingFrom: Scan(of: $0).indexToEscape) }
    }

    /// Writes bytes as a string; invalid UTF-8 is replaced by U+FFFD.
    public mutating func string(_ text: Span<UInt8>) {
        text.withUnsafeBufferPointer { bytes in
            let scan = Scan(of: bytes)
            if !scan.isPlainASCII && (try? UTF8Span(validating: text)) == nil {
                string(String(decoding: bytes, as: UTF8.self))
            } else {
                quote(bytes, escapingFrom: scan.indexToEscape)
            }
        }
    }

    public mutating func integer(_ number: Int) {
        bytes.append(decimal: number)
    }

    public mutating func null() {
        literal("null")
    }

    /// Writes a text as it is, such as `{"code":0,"data":`.
    public mutating func literal(_ text: StaticString) {
        text.withUTF8Buffer { append(UnsafeRawBufferPointer($0)) }
    }

    /// Writes a text that is already JSON.
    public mutating func raw(_ json: String) {
        raw(json.utf8.span)
    }

    /// Writes bytes that are already JSON.
    public mutating func raw(_ json: Span<UInt8>) {
        json.withUnsafeBufferPointer { append(UnsafeRawBufferPointer($0)) }
    }

    /// Writes a text in quotes; `first` is the index of the first byte to escape, nil if there is none.
    private mutating func quote(_ text: UnsafeBufferPointer<UInt8>, escapingFrom first: Int?) {
        guard let first else {
            // Most texts: copied in one piece.
            return append(count: text.count + 2) { room in
                room[0] = UInt8(ascii: "\"")
                UnsafeMutableRawBufferPointer(rebasing: room[1...]).copyMemory(from: UnsafeRawBufferPointer(text))
                room[text.count + 1] = UInt8(ascii: "\"")
            }
        }
        bytes.append(UInt8(ascii: "\""))
        var copied = 0
        var next: Int? = first
        while let index = next {
            append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[copied..<index]))
            escape(text[index])
            copied = index + 1
            next = Scan(of: UnsafeBufferPointer(rebasing: text[copied...])).indexToEscape.map { copied + $0 }
        }
        append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[copied...]))
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(_ text: UnsafeRawBufferPointer) {
        append(count: text.count) { $0.copyMemory(from: text) }
    }

    /// Appends `count` bytes; `write` must set all of them.
    @inline(__always)
    private mutating func append(count: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) {
        bytes.append(addingCapacity: count) { room in
            room.withUnsafeMutableBufferPointer { room, filled in
                write(UnsafeMutableRawBufferPointer(room))
                filled = count
            }
        }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): literal("\\\"")
        case UInt8(ascii: "\\"): literal("\\\\")
        case UInt8(ascii: "\n"): literal("\\n")
        case UInt8(ascii: "\r"): literal("\\r")
        case UInt8(ascii: "\t"): literal("\\t")
        case 0x08: literal("\\b")
        case 0x0C: literal("\\f")
        default:
            literal("\\u00")
            bytes.append(Hex.digit(byte >> 4))
            bytes.append(Hex.digit(byte & 0xF))
        }
    }
}

/// Scans a text eight bytes at a time for what must be escaped.
///
/// Testing each byte by itself would cost 1.5 times the instructions for the scan, and 2.4 % more for a page of ten
/// works (counted as in `CostTests`).
private struct Scan {
    /// The index of the first byte to escape; nil if there is none.
    var indexToEscape: Int?
    /// Whether the text is ASCII with nothing to escape.
    var isPlainASCII = false

    init(of text: UnsafeBufferPointer<UInt8>) {
        let bytes = UnsafeRawBufferPointer(text)
        var seen: UInt64 = 0
        var index = 0
        while index < bytes.count {
            // The last word may overlap the one before it, which had nothing to escape.
            if index + 8 > bytes.count && bytes.count > 8 { index = bytes.count - 8 }
            let word =
                bytes.count < 8
                ? Self.word(of: bytes)
                : UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let found = Self.toEscape(in: word)
            if found != 0 {
                indexToEscape = index + found.trailingZeroBitCount / 8
                return
            }
            seen |= word
            index += 8
        }
        isPlainASCII = seen & Self.topBits == 0
    }

    /// Sets the top bits of the bytes to escape.
    ///
    /// Subtracting the lowest allowed value from each byte sets the top bit of those below it. A borrow may set bits of
    /// higher bytes, but only above a byte that is found anyway.
    private static func toEscape(in word: UInt64) -> UInt64 {
        let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        return ((word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash) & topBits
    }

    /// Makes a word of fewer than eight bytes, padded with spaces, which need no escape.
    private static func word(of bytes: UnsafeRawBufferPointer) -> UInt64 {
        var word = ones &* UInt64(UInt8(ascii: " "))
        for byte in bytes.reversed() { word = word << 8 | UInt64(byte) }
        return word
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let topBits: UInt64 = 0x8080_8080_8080_8080
}
