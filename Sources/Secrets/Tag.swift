import CSodium

/// The tag that a ``SecretKey`` computes for a message: 16 bytes.
public struct Tag: Sendable {
    /// In the order in which SipHash outputs them.
    public let bytes: [UInt8]

    /// `bytes` as 32 lower-case hexadecimal digits.
    public var hex: String {
        Hexadecimal.text(bytes)
    }

    /// Whether this is the same tag, compared in a time that does not depend on where the first difference is.
    ///
    /// So a tag cannot be guessed byte by byte.
    public func matches(_ other: [UInt8]) -> Bool {
        bytes.count == other.count && sodium_memcmp(bytes, other, bytes.count) == 0
    }

    public static let byteCount = Int(crypto_shorthash_siphashx24_BYTES)
}
