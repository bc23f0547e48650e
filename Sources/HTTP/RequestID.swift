internal import Synchronization

/// Names for requests that came without one: a random prefix of this process and a count.
///
/// They need to be unique, not unguessable, so that no request pays for the kernel's random source.
public enum RequestID {
    private static let prefix = UInt64.random(in: .min ... .max)
    private static let count = Atomic<UInt64>(0)

    public static func next() -> String {
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        return String(unsafeUninitializedCapacity: 32) { digits in
            write(prefix, to: digits, at: 0)
            write(number, to: digits, at: 16)
            return 32
        }
    }

    /// Whether a client's own id is taken over: 1 to 128 of `[A-Za-z0-9._-]`.
    public static func accepts(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Writes 16 hex digits.
    private static func write(_ number: UInt64, to digits: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
        for i in 0..<16 {
            let nibble = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * i)) & 15
            digits[start + i] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
        }
    }
}
