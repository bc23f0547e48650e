internal import Loop
internal import Redis
public import Works

/// A stretch of a list, and what is around it.
public struct Page<Item: Sendable>: Sendable {
    public var items: [Item]
    /// How many items the whole list has; with ``totalIsLeast``, it has more than that.
    public var total: Int
    public var totalIsLeast = false
    /// The place of the last item, if there are more behind it.
    public var next: Position?
}

/// How much more a page may take of the worker's memory: a thousand works can have a mebibyte each.
struct PageBudget {
    private var bytes = mebibytesMax << 20

    mutating func take(_ reply: Reply) throws(Failure) {
        bytes -= reply.byteCount
        if bytes < 0 { throw .parameterRefused("limit", .pageTooLarge(mebibytesMax: Self.mebibytesMax)) }
    }

    private static let mebibytesMax = 32
}

/// Where a page begins.
public enum PageStart: Sendable, Equatable {
    /// Behind that many items.
    case rank(Int)
    /// Behind a place, whether or not there still is an item at it.
    case after(Position)
}

/// Reads pages out of sorted sets by `works_1_page`.
///
/// One call reads its items and their places at one moment. What would hold Redis up for long (many items, large
/// ones, a long way to the first) is read by several calls, each going on exactly where the one before has ended.
@LoopActor struct Pages {
    let storage: Storage

    /// Reads up to `limit` items; `item` makes one of its id and the values of `fields`, nil if they are none.
    func read<Item>(
        _ keys: [String],
        isDescending: Bool,
        from start: PageStart,
        limit: Int,
        prefix: String,
        fields: Command.Words,
        item: (String, Reply) -> Item?
    ) async throws(Failure) -> Page<Item> {
        let page = try await read(
            keys,
            isDescending: isDescending,
            from: start,
            limit: limit,
            prefix: prefix,
            conditions: [],
            lookingAt: .max,
            fields: fields,
            item: item
        )
        guard let page else { throw .internalError }
        return page
    }

    /// The same of items that meet conditions; all count for the total, whether they do or not.
    ///
    /// Nil if the page would need a look at many more than `most` items.
    func read<Item>(
        _ keys: [String],
        isDescending: Bool,
        from start: PageStart,
        limit: Int,
        prefix: String,
        conditions: [SearchPlan.Condition],
        lookingAt most: Int,
        fields: Command.Words,
        item: (String, Reply) -> Item?
    ) async throws(Failure) -> Page<Item>? {
        var looked = 0
        var page = Page<Item>(items: [], total: 0, next: nil)
        var budget = PageBudget()
        var place = start
        var toSkip = 0
        var toTake = limit
        var isFirst = true
        repeat {
            if looked > most { return nil }
            looked += Self.lookedAtPerCallMax
            let count = min(toTake, Self.itemsPerCallMax)
            let command = Self.command(
                keys,
                isDescending: isDescending,
                place: place,
                skipping: toSkip,
                count: count,
                prefix: prefix,
                conditions: conditions,
                fields: fields
            )
            let reply = try await storage.send(command)
            try budget.take(reply)
            guard let step = Step(reply) else { throw .internalError }
            if isFirst {
                page.total = step.total
                if case .rank(let rank) = place, keys.count > 1 || !conditions.isEmpty { toSkip = rank }
                isFirst = false
            }
            toSkip -= step.skipped
            toTake -= step.itemCount
            for index in 0..<step.itemCount {
                let values = reply[Step.headCount + index]
                if let id = values[values.count - 1].string, let made = item(id, values) { page.items.append(made) }
            }
            page.next = step.hasMore ? step.last : nil
            if let last = step.last { place = .after(last) }
        } while toTake > 0 && page.next != nil
        return page
    }

    private struct Step {
        let total: Int
        let skipped: Int
        let last: Position?
        let hasMore: Bool
        let itemCount: Int

        /// How many elements come before the items.
        static let headCount = 5

        init?(_ reply: Reply) {
            guard reply.count >= Self.headCount, let total = reply[0].integer, let skipped = reply[1].integer else {
                return nil
            }
            self.total = total
            self.skipped = skipped
            last = reply[2].integer.flatMap { score in
                reply[3].string.map { Position(score: score, id: $0) }
            }
            hasMore = reply[4].integer == 1
            itemCount = reply.count - Self.headCount
        }
    }

    private static func command(
        _ keys: [String],
        isDescending: Bool,
        place: PageStart,
        skipping: Int,
        count: Int,
        prefix: String,
        conditions: [SearchPlan.Condition],
        fields: Command.Words
    ) -> Command {
        var command = Command.reading("FCALL_RO", Library.page)
        command.append(keys.count)
        for key in keys { command.append(key) }
        command.append(isDescending ? "desc" : "asc")
        switch place {
        case .rank(let rank):
            command.append("rank")
            command.append(rank)
            command.append("")
        case .after(let position):
            command.append("after")
            command.append(position.score)
            command.append(position.id)
        }
        command.append(skipping)
        command.append(count)
        command.append(lookedAtPerCallMax)
        command.append(bytesPerCallMax)
        command.append(prefix)
        command.append(conditions)
        command.append(fields)
        return command
    }

    /// Asks for nothing, to learn whether the library is there.
    static let probe = command(
        [Keys.schema + ":probe"],
        isDescending: true,
        place: .rank(0),
        skipping: 0,
        count: 0,
        prefix: "",
        conditions: [],
        fields: Command.Words([])
    )

    private static let itemsPerCallMax = 100
    /// Few milliseconds, also where every item is compared with those of 31 other sets.
    private static let lookedAtPerCallMax = 500
    private static let bytesPerCallMax = 1 << 20
}
