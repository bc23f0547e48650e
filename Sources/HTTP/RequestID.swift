import Bytes
import Synchronization

/// Ids for requests that come without one: a random prefix of this process and a counter.
///
/// They must be unique but may be guessable, so that no request pays for the kernel's random source.
public enum RequestID {
    private static let prefix: [UInt8] = {
        var digits: [UInt8] = []
        digits.append(hex: UInt64.random(in: .min ... .max))
        return digits
    }()
    private static let count = Atomic<UInt64>(0)

    /// A new id: 32 hexadecimal digits.
    public static func next() -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        digits += prefix
        digits.append(hex: count.wrappingAdd(1, ordering: .relaxed).newValue)
        return String(decoding: digits, as: UTF8.self)
    }

    /// Whether a client's own id is used: 1 to 128 of `[A-Za-z0-9._-]`.
    public static func accepts(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: byte.isLetterOrDigit
                }
            }
    }
}
