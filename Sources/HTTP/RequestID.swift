import Bytes
import Synchronization

/// Names for requests that came without one: a random prefix of this process and a count.
///
/// They need to be unique, not unguessable, so that no request pays for the kernel's random source.
package enum RequestID {
    private static let prefix = UInt64.random(in: .min ... .max)
    private static let count = Atomic<UInt64>(0)

    package static func next() -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        digits.append(hex: prefix)
        digits.append(hex: count.wrappingAdd(1, ordering: .relaxed).newValue)
        return String(decoding: digits, as: UTF8.self)
    }

    /// Whether a client's own id is taken over: 1 to 128 of `[A-Za-z0-9._-]`.
    package static func accepts(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: byte.isLetterOrDigit
                }
            }
    }
}
