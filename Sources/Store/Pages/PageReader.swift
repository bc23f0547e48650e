import Loop
import Redis
import Works

/// Reads pages out of sorted sets.
///
/// From one set, the places of the items are read first, and then the items, each by a command of its own but all in one
/// go: that costs Redis less than half of what a function costs that reads items. An item that has moved meanwhile shows
/// by what it is now; the page is then read again by the function `works_1_page`, which reads items and places at one
/// moment. So are items with conditions, and the union of several sets.
///
/// What would hold Redis up for long (many items, large ones, a long way to the first) is read by several calls, each
/// going on exactly where the one before has ended.
@LoopActor struct PageReader<Item: Sendable> {
    let connection: StoreConnection
    let isDescending: Bool
    /// What the keys of the items' hashes start with; their ids follow.
    let prefix: String
    let fields: HashFields
    /// Makes an item of its id and the values of ``fields``; nil if they are none.
    let item: (String, Reply) -> Item?
    /// Whether an item still stands where it was found.
    let isAt: (Item, Position) -> Bool

    /// Reads up to `limit` items from the union of sets that have no member in common.
    func read(_ keys: [String], from start: PageStart, limit: Int) async throws(StoreError) -> Page<Item> {
        if keys.count == 1, let page = try await readApart(keys[0], from: start, limit: limit) { return page }
        guard let page = try await read(keys, from: start, limit: limit, conditions: [], lookingAt: .max) else {
            throw .damaged
        }
        return page
    }

    // MARK: Places first

    /// Reads places, then items; nil if something has moved in between, or so many commands would crowd out others.
    private func readApart(_ key: String, from start: PageStart, limit: Int) async throws(StoreError) -> Page<Item>? {
        guard connection.hasRoom(for: min(limit, PageScript.itemsAtOnceMax)) else { return nil }
        let found = try await places(in: key, from: start, limit: limit)
        var page = Page<Item>(items: [], total: found.total, next: found.next)
        page.items.reserveCapacity(found.items.count)
        var budget = PageBudget()
        var rest = found.items[...]
        var count = PageScript.itemsAtFirst
        while !rest.isEmpty {
            let some = rest.prefix(count)
            rest = rest.dropFirst(some.count)
            let commands = some.map { Command.reading(fields, of: prefix, $0.id) }
            var bytes = 0
            for (place, values) in zip(some, try await connection.send(commands)) {
                try budget.take(values)
                bytes += values.byteCount
                guard let made = item(place.id, values), isAt(made, place) else { return nil }
                page.items.append(made)
            }
            count = PageScript.itemsAtOnce(whenSoManyHad: bytes, some.count)
        }
        return page
    }

    /// The places of a page, read by rank, or by `works_1_places` where the rank has to be found first.
    ///
    /// The total is that of the next command, so that a work that comes or goes between the two may be in one only.
    private func places(in key: String, from start: PageStart, limit: Int) async throws(StoreError) -> Page<Position> {
        // One more tells whether there are more.
        let command = PageScript.places(in: key, isDescending: isDescending, from: start, count: limit + 1)
        let replies = try await connection.send([command, .reading("ZCARD", key)])
        guard let total = replies[1].integer else { throw .damaged }
        let found = replies[0]
        var places = stride(from: 0, to: found.count - 1, by: 2).compactMap { index in
            found[index + 1].integer.flatMap { score in
                found[index].string.map { Position(score: score, id: $0) }
            }
        }
        let hasMore = places.count > limit
        if hasMore { places.removeLast() }
        return Page(items: places, total: total, next: hasMore ? places.last : nil)
    }

    // MARK: By the function

    /// Reads up to `limit` items that meet conditions; all count for the total, whether they do or not.
    ///
    /// Nil if the page would need a look at many more than `most` items.
    func read(
        _ keys: [String],
        from start: PageStart,
        limit: Int,
        conditions: [SearchPlan.Condition],
        lookingAt most: Int
    ) async throws(StoreError) -> Page<Item>? {
        var looked = 0
        var page = Page<Item>(items: [], total: 0, next: nil)
        var budget = PageBudget()
        var place = start
        var toSkip = 0
        var toTake = limit
        var isFirst = true
        repeat {
            if looked > most { return nil }
            looked += PageScript.lookedAtPerCallMax
            let reply = try await connection.send(
                PageScript.page(
                    of: keys,
                    isDescending: isDescending,
                    place: place,
                    skipping: toSkip,
                    count: min(toTake, PageScript.itemsPerCallMax),
                    prefix: prefix,
                    conditions: conditions,
                    fields: fields.words
                )
            )
            try budget.take(reply)
            guard let step = PageScript.Step(reply) else { throw .damaged }
            if isFirst {
                page.total = step.total
                if case .rank(let rank) = place, keys.count > 1 || !conditions.isEmpty { toSkip = rank }
                isFirst = false
            }
            toSkip -= step.skipped
            toTake -= step.itemCount
            for index in 0..<step.itemCount {
                let values = reply[PageScript.Step.headCount + index]
                if let id = values[values.count - 1].string, let made = item(id, values) { page.items.append(made) }
            }
            page.next = step.hasMore ? step.last : nil
            if let last = step.last { place = .after(last) }
        } while toTake > 0 && page.next != nil
        return page
    }
}
