import Bytes
import Store

/// The versions in `If-Match` and `If-None-Match` (RFC 9110 §8.8.3, §13.1).
enum EntityTags {
    /// The condition in `If-Match`; nil if the header is absent.
    ///
    /// The comparison is strong: a weak tag never matches, nor does a tag that is not ours.
    static func strong(_ field: String?) -> VersionCondition? {
        field.map { condition($0, version: version(ofTag:)) }
    }

    /// The condition in `If-None-Match`; nil if the header is absent.
    ///
    /// The comparison is weak.
    static func weak(_ field: String?) -> VersionCondition? {
        field.map { text in
            condition(text) { tag in version(ofTag: tag.hasPrefix("W/") ? tag.dropFirst(2) : tag) }
        }
    }

    private static func condition(_ field: String, version: (Substring) -> Int?) -> VersionCondition {
        let tags = field.split(separator: ",").map { Substring($0.utf8.trimmingBlanks) }
        return tags.contains("*") ? .any : .oneOf(tags.compactMap(version))
    }

    private static func version(ofTag tag: Substring) -> Int? {
        guard tag.utf8.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
        let digits = tag.dropFirst().dropLast()
        return digits.hasPrefix("0") ? nil : Int(digits: digits)
    }
}
