import Loop
import Redis
import Works

/// Reads pages from sorted sets.
///
/// From a single set, the positions of the items are read first, then the items, by a command for each but all in one
/// pipeline: that costs Redis less than half of what a function that reads items costs. If an item has moved in
/// between, its values no longer match its position; the page is then read again by the function `page`, which reads
/// positions and items at one moment. The function also reads items with conditions, and the union of several sets.
///
/// Pages that would occupy Redis for long (many items, large items, many items to skip) are read by several calls, each
/// of which continues exactly where the previous one ended.
@LoopActor struct PageReader<Item: Sendable> {
    let connection: StoreConnection
    let isDescending: Bool
    /// What the keys of the items' hashes start with; their ids follow.
    let prefix: String
    let fields: HashFields
    /// Makes an item from its id and the values of ``fields``; nil if they are not valid.
    let item: (String, Reply) -> Item?
    /// Whether an item is still at the position where it was found.
    let isAt: (Item, Position) -> Bool

    /// Reads up to `limit` items from the union of sets that have no member in common.
    func read(_ keys: [String], from start: PageStart, limit: Int) async throws(StoreError) -> Page<Item> {
        if keys.count == 1, let page = try await readPipelined(keys[0], from: start, limit: limit) { return page }
        guard let page = try await read(keys, from: start, limit: limit, conditions: [], lookingAt: .max) else {
            throw .damaged
        }
        return page
    }

    // MARK: Positions first

    /// Reads positions, then items.
    ///
    /// Nil if an item has moved in between, or if this many commands would crowd out those of others.
    private func readPipelined(
        _ key: String,
        from start: PageStart,
        limit: Int
    ) async throws(StoreError) -> Page<Item>? {
        guard connection.hasRoom(for: min(limit, PageScript.itemsAtOnceMax)) else { return nil }
        let found = try await positions(in: key, from: start, limit: limit)
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
            for (position, values) in zip(some, try await connection.send(commands)) {
                try budget.charge(values)
                bytes += values.byteCount
                guard let made = item(position.id, values), isAt(made, position) else { return nil }
                page.items.append(made)
            }
            count = PageScript.nextBatchSize(afterReading: some.count, bytes: bytes)
        }
        return page
    }

    /// The positions of a page, read by rank, or by the function `positions` if the rank must be found first.
    ///
    /// The total is read by a second command, so an item added or removed between the two may be in only one of them.
    private func positions(in key: String, from start: PageStart, limit: Int) async throws(StoreError) -> Page<Position>
    {
        // One more than asked for, to know whether more follow.
        let command = PageScript.positions(in: key, isDescending: isDescending, from: start, count: limit + 1)
        let replies = try await connection.send([command, .reading("ZCARD", key)])
        guard let total = replies[1].integer else { throw .damaged }
        let found = replies[0]
        var positions = stride(from: 0, to: found.count - 1, by: 2).compactMap { index in
            found[index + 1].integer.flatMap { score in
                found[index].string.map { Position(score: score, id: $0) }
            }
        }
        let hasMore = positions.count > limit
        if hasMore { positions.removeLast() }
        return Page(items: positions, total: total, next: hasMore ? positions.last : nil)
    }

    // MARK: By the function

    /// Reads up to `limit` items that meet conditions; the total counts all items, whether they meet them or not.
    ///
    /// Nil if the page would require examining many more than `most` items. It is given up at the deadline.
    func read(
        _ keys: [String],
        from start: PageStart,
        limit: Int,
        conditions: [SearchPlan.Condition],
        lookingAt most: Int,
        by deadline: ContinuousClock.Instant = .now + StepQueue.timeMax
    ) async throws(StoreError) -> Page<Item>? {
        var query = PageQuery(
            keys,
            isDescending: isDescending,
            from: start,
            limit: limit,
            itemPrefix: prefix,
            fields: MessagePack(fields.names),
            conditions: conditions
        )
        var page: Page<Item>?
        var budget = PageBudget()
        var looked = 0
        repeat {
            if looked > most { return nil }
            let reply = try await connection.steps.send(by: deadline) { effortMax throws(StoreError) in
                let effort = min(PageScript.effortPerCall, effortMax)
                looked += effort / PageScript.effortPerItem
                return try await connection.send(query.command(effort: effort))
            }
            try budget.charge(reply)
            guard let reply = PageReply(reply) else { throw .damaged }
            page = add(reply, to: page)
            query.advance(past: reply)
        } while query.limit > 0 && page?.next != nil
        return page
    }

    /// Adds the items of a reply; the total stays that of the first one.
    private func add(_ reply: PageReply, to page: Page<Item>?) -> Page<Item> {
        var page = page ?? Page(items: [], total: reply.total, next: nil)
        page.items += reply.items.compactMap { values in
            values[values.count - 1].string.flatMap { item($0, values) }
        }
        page.next = reply.hasMore ? reply.last : nil
        return page
    }
}
