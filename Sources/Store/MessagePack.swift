/// An array of texts as one word (https://github.com/msgpack/msgpack/blob/master/spec.md).
///
/// Redis spends more on taking a command of hundreds of words apart than on what they say; in a function, `cmsgpack`
/// unpacks them at a fraction of that.
enum MessagePack {
    static func array(_ texts: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(texts.reduce(5) { $0 + $1.utf8.count + 5 })
        bytes.append(0xDD)
        bytes.append(bigEndian: texts.count, byteCount: 4)
        for text in texts {
            let count = text.utf8.count
            switch count {
            case 0..<0x20: bytes.append(0xA0 | UInt8(count))
            case 0x20..<0x100:
                bytes.append(0xD9)
                bytes.append(bigEndian: count, byteCount: 1)
            case 0x100..<0x1_0000:
                bytes.append(0xDA)
                bytes.append(bigEndian: count, byteCount: 2)
            default:
                bytes.append(0xDB)
                bytes.append(bigEndian: count, byteCount: 4)
            }
            bytes.append(contentsOf: text.utf8)
        }
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian number: Int, byteCount: Int) {
        for shift in stride(from: 8 * (byteCount - 1), through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
