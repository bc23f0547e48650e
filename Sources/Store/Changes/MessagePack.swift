/// An array of texts and numbers as one word (https://github.com/msgpack/msgpack/blob/master/spec.md).
///
/// Redis spends more on taking a command of hundreds of words apart than on what they say; in a function, `cmsgpack`
/// unpacks them at a fraction of that. Numbers arrive as numbers, for Lua to count with; what is handed on to Redis goes
/// as text, which Lua need not format.
struct MessagePack: Sendable {
    private var elements: [UInt8] = []
    private var count = 0

    mutating func append(_ text: String) {
        let length = text.utf8.count
        switch length {
        case 0..<0x20: elements.append(0xA0 | UInt8(length))
        case 0x20..<0x100: append(0xD9, bigEndian: length, byteCount: 1)
        case 0x100..<0x1_0000: append(0xDA, bigEndian: length, byteCount: 2)
        default: append(0xDB, bigEndian: length, byteCount: 4)
        }
        elements.append(contentsOf: text.utf8)
        count += 1
    }

    /// Appends a number that is not negative.
    mutating func append(_ number: Int) {
        switch number {
        case 0..<0x80: elements.append(UInt8(number))
        case 0x80..<0x1_0000: append(0xCD, bigEndian: number, byteCount: 2)
        default: append(0xCF, bigEndian: number, byteCount: 8)
        }
        count += 1
    }

    /// The whole array.
    var bytes: [UInt8] {
        var array = MessagePack()
        array.elements.reserveCapacity(elements.count + 5)
        array.append(0xDD, bigEndian: count, byteCount: 4)
        return array.elements + elements
    }

    private mutating func append(_ head: UInt8, bigEndian number: Int, byteCount: Int) {
        elements.append(head)
        for shift in stride(from: 8 * (byteCount - 1), through: 0, by: -8) {
            elements.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
