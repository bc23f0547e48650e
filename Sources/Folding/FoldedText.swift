import CUtf8proc

/// A text in the form in which search compares texts: Unicode normalization form KC with full case folding
/// (https://www.unicode.org/reports/tr15/, https://www.unicode.org/Public/UCD/latest/ucd/CaseFolding.txt).
///
/// ＡＢＣ, abc and ABC fold to the same text, as do ﬁ and fi, ß and ss. Both the stored and the searched text are folded,
/// then compared scalar by scalar. Folding is idempotent.
public struct FoldedText: Hashable, Sendable {
    public let text: String

    public init(folding text: String) {
        self.text = Self.asciiFolded(text) ?? Self.folded(text)
    }

    /// Whether this text contains `part`, starting at any scalar.
    public func contains(_ part: FoldedText) -> Bool {
        var text = text
        var part = part.text
        return text.withUTF8 { text in
            part.withUTF8 { part in
                guard let start = text.baseAddress, let wanted = part.baseAddress else { return part.isEmpty }
                // In UTF-8, equal bytes are equal scalars.
                return memmem(start, text.count, wanted, part.count) != nil
            }
        }
    }

    /// Folds a text of ASCII and common Chinese characters, in which only A to Z change.
    ///
    /// Nil if the text contains anything else, which might fold, or compose with the character before it.
    private static func asciiFolded(_ text: String) -> String? {
        var hasUpperCase = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x41...0x5A: hasUpperCase = true
            case 0...0x7F, 0x4E00...0x9FFF: break
            default: return nil
            }
        }
        guard hasUpperCase else { return text }
        var bytes = Array(text.utf8)
        for index in bytes.indices where (0x41...0x5A).contains(bytes[index]) { bytes[index] |= 0x20 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Normalizes, folds, and normalizes again: folding expects normalized scalars and may leave others.
    private static func folded(_ text: String) -> String {
        map(map(text, normalization), normalization | UTF8PROC_CASEFOLD.rawValue)
    }

    private static func map(_ text: String, _ options: UInt32) -> String {
        var text = text
        var folded: UnsafeMutablePointer<UInt8>?
        let count = text.withUTF8 { bytes in
            utf8proc_map(bytes.baseAddress, bytes.count, &folded, utf8proc_option_t(rawValue: options))
        }
        // A String is valid UTF-8 and too short for an overflow, so only an allocation can fail.
        guard count >= 0, let folded else { preconditionFailure("out of memory") }
        defer { free(folded) }
        return String(decoding: UnsafeBufferPointer(start: folded, count: count), as: UTF8.self)
    }

    private static let normalization =
        UTF8PROC_STABLE.rawValue | UTF8PROC_COMPOSE.rawValue | UTF8PROC_COMPAT.rawValue
}
