import Redis
package import Works

/// A stretch of a list, and what is around it.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// How many items the whole list has; with ``totalIsLeast``, it has more than that.
    package var total: Int
    package var totalIsLeast = false
    /// The place of the last item, if there are more behind it.
    package var next: Position?

    func map<New: Sendable>(_ transform: (Item) -> New) -> Page<New> {
        Page<New>(items: items.map(transform), total: total, totalIsLeast: totalIsLeast, next: next)
    }
}

/// How much more a page may take of the worker's memory: a thousand works can have a mebibyte each.
struct PageBudget {
    private var bytes = mebibytesMax << 20

    mutating func take(_ reply: Reply) throws(StoreError) {
        bytes -= reply.byteCount
        if bytes < 0 { throw .pageTooLarge(mebibytesMax: Self.mebibytesMax) }
    }

    private static let mebibytesMax = 32
}

/// Where a page begins.
package enum PageStart: Sendable, Equatable {
    /// Behind that many items.
    case rank(Int)
    /// Behind a place, whether or not there still is an item at it.
    case after(Position)
}
