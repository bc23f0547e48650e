import CSodium

/// Base64 with the alphabet for URLs and without padding (RFC 4648 §5).
///
/// Each value has exactly one text.
public enum Base64URL {
    public static func text(_ bytes: [UInt8]) -> String {
        let textCount = (bytes.count * 4 + 2) / 3
        return String(unsafeUninitializedCapacity: textCount + 1) { room in
            room.withMemoryRebound(to: CChar.self) { room in
                _ = sodium_bin2base64(room.baseAddress!, room.count, bytes, bytes.count, variant)
            }
            return textCount
        }
    }

    /// The bytes of a text; nil if it has a character outside the alphabet or leftover bits that are not zero.
    public static func bytes(_ text: String) -> [UInt8]? {
        var text = text
        var isRead = false
        let bytes = text.withUTF8 { text in
            [UInt8](unsafeUninitializedCapacity: text.count * 3 / 4 + 1) { room, count in
                text.withMemoryRebound(to: CChar.self) { text in
                    isRead =
                        sodium_base642bin(
                            room.baseAddress!,
                            room.count,
                            text.baseAddress,
                            text.count,
                            nil,
                            &count,
                            nil,
                            variant
                        ) == 0
                }
                if !isRead { count = 0 }
            }
        }
        return isRead ? bytes : nil
    }

    private static let variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING
}
