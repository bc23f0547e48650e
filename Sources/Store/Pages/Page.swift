package import Works

/// A stretch of a list, and what surrounds it.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// How many items the whole list has; with ``totalIsLeast``, it has more than that.
    package var total: Int
    package var totalIsLeast = false
    /// The position of the last item, if there are more after it.
    package var next: Position?

    func map<New: Sendable>(_ transform: (Item) -> New) -> Page<New> {
        Page<New>(items: items.map(transform), total: total, totalIsLeast: totalIsLeast, next: next)
    }
}
