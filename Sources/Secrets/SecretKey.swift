import CSodium

/// A store's 128-bit secret, which signs cursors and keys fingerprints.
public struct SecretKey: Sendable {
    private let bytes: InlineArray<16, UInt8>

    /// Reads 32 hexadecimal digits; nil for any other text.
    public init?(hex: String) {
        precondition(Self.isReady, "libsodium does not start")
        var bytes = InlineArray<16, UInt8>(repeating: 0)
        var hex = hex
        var room = bytes.mutableSpan
        let isRead = room.withUnsafeMutableBufferPointer { room in
            hex.withUTF8 { digits in
                var count = 0
                let status = sodium_hex2bin(
                    room.baseAddress!,
                    room.count,
                    digits.baseAddress,
                    digits.count,
                    nil,
                    &count,
                    nil
                )
                return status == 0 && count == room.count
            }
        }
        guard isRead else { return nil }
        self.bytes = bytes
    }

    /// A new key: 128 random bits as hexadecimal digits.
    public static func randomHex() -> String {
        precondition(isReady, "libsodium does not start")
        let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { room, count in
            randombytes_buf(room.baseAddress!, byteCount)
            count = byteCount
        }
        return Hexadecimal.text(bytes)
    }

    /// The SipHash-2-4 tag of a message: 128 bits that cannot be computed without this key.
    ///
    /// It is fast on short messages (https://www.aumasson.jp/siphash/).
    public func tag(of message: [UInt8]) -> Tag {
        let tag = [UInt8](unsafeUninitializedCapacity: Tag.byteCount) { room, count in
            bytes.span.withUnsafeBufferPointer { key in
                message.withUnsafeBufferPointer { message in
                    _ = crypto_shorthash_siphashx24(
                        room.baseAddress!,
                        message.baseAddress,
                        UInt64(message.count),
                        key.baseAddress!
                    )
                }
            }
            count = Tag.byteCount
        }
        return Tag(bytes: tag)
    }

    private static let byteCount = Int(crypto_shorthash_siphashx24_KEYBYTES)

    /// libsodium must be initialised once, before its first use (https://doc.libsodium.org/usage).
    private static let isReady = sodium_init() >= 0
}
