/// Writes JSON straight into bytes, in the order of the calls.
///
/// It keeps no account of commas and brackets: answers have a fixed shape, and the literals of the caller hold it.
///
///     json.literal("{\"name\":")
///     json.string(work.name)
///     json.literal("}")
public struct JSONWriter: Sendable {
    public var bytes: [UInt8] = []

    public init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// Writes a string in quotes: UTF-8 as it is, with only `"`, `\` and control characters escaped.
    public mutating func string(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { escape($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes the bytes of a text as a string; what in them is not UTF-8 is replaced.
    public mutating func string(_ text: ArraySlice<UInt8>) {
        guard (try? UTF8Span(validating: text.span)) != nil else {
            return string(String(decoding: text, as: UTF8.self))
        }
        bytes.append(UInt8(ascii: "\""))
        text.withUnsafeBufferPointer { escape($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    public mutating func integer(_ number: Int) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var power: UInt = 1
        while number.magnitude / power >= 10 { power *= 10 }
        while power > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number.magnitude / power % 10))
            power /= 10
        }
    }

    public mutating func null() {
        literal("null")
    }

    /// Writes the text as it stands, such as `{"code":0,"data":`.
    public mutating func literal(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Writes a text that is JSON already.
    public mutating func raw(_ json: String) {
        var json = json
        json.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// Writes bytes that are JSON already.
    public mutating func raw(_ json: ArraySlice<UInt8>) {
        bytes.append(contentsOf: json)
    }

    /// Copies whole runs between the few bytes that need an escape.
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var copied = 0
        while let index = Self.indexToEscape(in: text, from: copied) {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<index]))
            escape(text[index])
            copied = index + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
    }

    /// Looks at eight bytes at a time: subtracting from each what it must not fall below sets the top bit of those that
    /// do.
    ///
    /// A borrow may set bits of the bytes above, but only above one that is found.
    private static func indexToEscape(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        let bytes = UnsafeRawBufferPointer(text)
        var index = start
        while index + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let found =
                ((word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash)
                & (ones &* 0x80)
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        return (index..<bytes.count).first { needsEscape(bytes[$0]) }
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
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
            bytes.append(UInt8(ascii: "0") + byte >> 4)
            bytes.append(Self.hexDigit(byte & 0xF))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
