import CSodium

/// Bytes as lower-case hexadecimal digits.
enum Hexadecimal {
    static func text(_ bytes: [UInt8]) -> String {
        // libsodium appends a NUL to the digits.
        String(unsafeUninitializedCapacity: 2 * bytes.count + 1) { room in
            room.withMemoryRebound(to: CChar.self) { room in
                _ = sodium_bin2hex(room.baseAddress!, room.count, bytes, bytes.count)
            }
            return 2 * bytes.count
        }
    }
}
