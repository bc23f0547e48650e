public import Works

/// A stretch of a list, and what surrounds it.
public struct Page<Item: Sendable>: Sendable {
    public var items: [Item]
    /// How many items the whole list has; with ``totalIsLeast``, it has more than that.
    public var total: Int
    public var totalIsLeast = false
    /// The position of the last item, if there are more after it.
    public var next: Position?

    func map<New: Sendable>(_ transform: (Item) -> New) -> Page<New> {
        Page<New>(items: items.map(transform), total: total, totalIsLeast: totalIsLeast, next: next)
    }
}
