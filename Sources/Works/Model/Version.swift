/// The versions of a work or a run: whole numbers, of which each change makes the next.
public enum Version {
    /// The largest is one that every JSON reader has exactly (RFC 8259 §6).
    public static let range = 1...(1 << 53)

    /// The version after `version`; after the last one, the first again, so that no change is ever refused.
    public static func next(after version: Int) -> Int {
        version < range.upperBound ? version + 1 : range.lowerBound
    }
}
