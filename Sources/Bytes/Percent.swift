/// Strict percent-encoding (RFC 3986 §2.1).
public enum Percent {
    /// Decodes a text.
    ///
    /// - Parameters:
    ///   - encoded: the text with its escapes.
    ///   - plusIsSpace: whether `+` stands for a space, as it does in a form-encoded query.
    /// - Returns: the decoded text; nil if an escape is malformed or the result is not UTF-8.
    public static func decode(_ encoded: Substring, plusIsSpace: Bool = false) -> String? {
        let utf8 = encoded.utf8
        guard utf8.contains(where: { $0 == percent || (plusIsSpace && $0 == plus) }) else { return String(encoded) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var rest = utf8.makeIterator()
        while let byte = rest.next() {
            if byte == percent {
                guard let high = rest.next().flatMap(Hex.number), let low = rest.next().flatMap(Hex.number) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(plusIsSpace && byte == plus ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Escapes everything but the unreserved characters, so that the text can be used anywhere in a URI.
    public static func encode(_ text: String) -> String {
        if text.utf8.allSatisfy(isUnreserved) { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes += escape(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The escape of one byte, in upper case.
    public static func escape(_ byte: UInt8) -> [UInt8] {
        [percent, hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: byte.isLetterOrDigit
        }
    }

    private static let percent = UInt8(ascii: "%")
    private static let plus = UInt8(ascii: "+")
    private static let hexDigits = Array("0123456789ABCDEF".utf8)
}
