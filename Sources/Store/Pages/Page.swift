public import Works

/// A part of a list, with the list's total and where the next part begins.
public struct Page<Item: Sendable>: Sendable {
    public var items: [Item]
    /// How many items the whole list has; with ``totalIsLeast``, it has more than this.
    public var total: Int
    public var totalIsLeast = false
    /// The position of the last item, if more follow it.
    public var next: Position?

    static var empty: Page { Page(items: [], total: 0) }

    func map<New: Sendable>(_ transform: (Item) -> New) -> Page<New> {
        Page<New>(items: items.map(transform), total: total, totalIsLeast: totalIsLeast, next: next)
    }
}
