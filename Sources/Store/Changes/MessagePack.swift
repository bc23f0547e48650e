/// Values in MessagePack, one after another (https://github.com/msgpack/msgpack/blob/master/spec.md).
///
/// Redis spends more on parsing a command of hundreds of words than on carrying it out; inside a function, `cmsgpack`
/// unpacks them at a fraction of that cost. Numbers arrive as numbers, with which Lua can calculate; what Lua only
/// passes on to Redis is sent as text, which it need not format.
struct MessagePack: Sendable {
    private var bytes: [UInt8] = []
    private var count = 0

    /// Contains no values yet, but has room for this many bytes.
    init(reserving byteCount: Int = 0) {
        bytes.reserveCapacity(byteCount)
    }

    init(_ texts: [String]) {
        bytes.reserveCapacity(16 * texts.count)
        for text in texts { append(text) }
    }

    /// One array of all the values.
    var array: [UInt8] {
        Self.head(0xDD, count: count, before: bytes.count) + bytes
    }

    /// One map of all the values, which alternate between keys and values.
    var map: [UInt8] {
        Self.head(0xDF, count: count / 2, before: bytes.count) + bytes
    }

    private static func head(_ type: UInt8, count: Int, before byteCount: Int) -> [UInt8] {
        var head = MessagePack()
        head.bytes.reserveCapacity(byteCount + 5)
        head.append(type, bigEndian: count, byteCount: 4)
        return head.bytes
    }

    // MARK: Values

    mutating func append(_ text: String) {
        append(bytes: text.utf8)
    }

    /// Appends bytes, which need not be whole characters, as a text.
    mutating func append(bytes text: some Collection<UInt8>) {
        let length = text.count
        switch length {
        case 0..<0x20: bytes.append(0xA0 | UInt8(length))
        case 0x20..<0x100: append(0xD9, bigEndian: length, byteCount: 1)
        case 0x100..<0x1_0000: append(0xDA, bigEndian: length, byteCount: 2)
        default: append(0xDB, bigEndian: length, byteCount: 4)
        }
        bytes.append(contentsOf: text)
        count += 1
    }

    mutating func append(_ number: Int) {
        switch number {
        case 0..<0x80: bytes.append(UInt8(number))
        case 0x80..<0x1_0000: append(0xCD, bigEndian: number, byteCount: 2)
        default: append(0xD3, bigEndian: number, byteCount: 8)
        }
        count += 1
    }

    mutating func append(_ flag: Bool) {
        bytes.append(flag ? 0xC3 : 0xC2)
        count += 1
    }

    /// Appends other values as one array.
    mutating func append(array values: MessagePack) {
        append(0xDD, bigEndian: values.count, byteCount: 4)
        append(all: values)
    }

    /// Appends other values, which alternate between keys and values, as one map.
    mutating func append(map fields: MessagePack) {
        append(0xDF, bigEndian: fields.count / 2, byteCount: 4)
        append(all: fields)
    }

    private mutating func append(all values: MessagePack) {
        bytes.append(contentsOf: values.bytes)
        count += 1
    }

    private mutating func append(_ head: UInt8, bigEndian number: Int, byteCount: Int) {
        bytes.append(head)
        for shift in stride(from: 8 * (byteCount - 1), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    // MARK: Fields of a map

    /// Appends a key and its value; nothing for nil, which an absent key represents.
    mutating func set(_ key: String, to text: String?) {
        guard let text else { return }
        append(key)
        append(text)
    }

    /// Appends a key and its value; nothing for nil, which an absent key represents.
    mutating func set(_ key: String, to number: Int?) {
        guard let number else { return }
        append(key)
        append(number)
    }

    mutating func set(_ key: String, to text: some Collection<UInt8>) {
        append(key)
        append(bytes: text)
    }

    mutating func set(_ key: String, to flag: Bool) {
        append(key)
        append(flag)
    }

    mutating func set(_ key: String, to array: MessagePack) {
        append(key)
        append(array: array)
    }
}
