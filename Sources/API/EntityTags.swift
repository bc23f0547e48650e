internal import Store

/// The versions in `If-Match` and `If-None-Match` (RFC 9110 §8.8.3, §13.1).
enum EntityTags {
    /// What `If-Match` demands; nil if there is none.
    ///
    /// It compares strongly: a weak tag never matches, nor does what is no tag of ours.
    static func strong(_ field: String?) -> VersionCondition? {
        field.map { condition($0, version: version(ofTag:)) }
    }

    /// What `If-None-Match` names; nil if there is none.
    ///
    /// It compares weakly.
    static func weak(_ field: String?) -> VersionCondition? {
        field.map { text in
            condition(text) { tag in version(ofTag: tag.hasPrefix("W/") ? tag.dropFirst(2) : tag) }
        }
    }

    private static func condition(_ field: String, version: (Substring) -> Int?) -> VersionCondition {
        let tags = field.split(separator: ",").map { $0.trimmingSpaces }
        return tags.contains("*") ? .any : .oneOf(tags.compactMap(version))
    }

    private static func version(ofTag tag: Substring) -> Int? {
        guard tag.utf8.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
        let digits = tag.dropFirst().dropLast()
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), !digits.hasPrefix("0")
        else {
            return nil
        }
        return Int(digits)
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
