import Redis
public import Works

/// Finds works by their texts.
///
/// Live works are searched in the order of their numbers, which is the order of the posting sets: the first page is
/// found without examining the rest. Lists and the trash are ordered by time. For them, either all matches are
/// gathered, ordered and cut, or the filter's sorted sets are walked in order and each work's texts examined, whichever
/// is expected to examine fewer works.
extension WorkStore {
    /// A page of the works that a search finds: live ones in the order of their numbers, whatever `order` is, or
    /// those in the trash.
    ///
    /// Without texts in the filter it is a page of the list.
    public func search(
        _ filter: Filter,
        in order: ListOrder,
        from start: PageStart,
        limit: Int
    ) async throws(StoreError) -> Page<StoredWork> {
        guard filter.hasText, order != .trash else {
            return try await list(filter, in: order, from: start, limit: limit)
        }
        let plan = SearchPlan(filter, isTrash: false, secret: try connection.secret())
        let (first, skip): (Int?, Int) =
            switch start {
            case .rank(let rank): (nil, rank)
            case .after(let position): (position.score, 0)
            }
        let outcome = try await Search(connection: connection, plan: plan, limits: limits).run(
            from: first,
            skipping: skip,
            limit: limit > 0 ? limit : nil,
            counting: limits.countedMax + 1,
            fields: Search.workFields
        )
        var page = Page<StoredWork>.empty
        page.count(outcome.matched, upTo: limits.countedMax)
        page.items = outcome.items.compactMap { item in
            item.id.flatMap { StoredWork(id: $0, values: item) }
        }
        if outcome.hasMore, let last = outcome.items.last, let id = last.id, let number = last[last.count - 1].integer {
            page.next = Position(score: number, id: id.text)
        }
        return try await confirmed(page)
    }

    /// A page of a list with texts in its filter.
    func find(
        _ filter: Filter,
        in order: ListOrder,
        from start: PageStart,
        limit: Int
    ) async throws(StoreError) -> Page<StoredWork> {
        let search = Search(
            connection: connection,
            plan: SearchPlan(filter, isTrash: order == .trash, secret: try connection.secret()),
            limits: limits
        )
        // Whole texts are counted by their terms alone; parts of texts may have to be examined, so they have a bound.
        let most = filter.searchesParts ? limits.countedMax : Self.countedWithoutBound
        let matched = try await search.run(limit: nil, counting: most + 1, fields: MessagePack()).matched
        var page = Page<StoredWork>.empty
        page.count(matched, upTo: most)
        if limit == 0 || matched == 0 { return page }

        let all = try await self.page(filter, in: order, from: .rank(0), limit: 0).total
        let expected = start.expectedSteps(toFind: limit, of: matched, among: all)
        // If not all matches were counted, not all would be gathered either.
        let canGather = !page.totalIsLeast && matched <= limits.gatheredMax
        var found: Page<StoredWork>?
        if !canGather || matched > expected {
            // Matches need not be spread evenly: if the walk finds none for long, gathering them is cheaper after all.
            let most = canGather ? max(matched, expected * Self.walkedPerExpected) : Int.max
            found = try await walk(search, filter, in: order, from: start, limit: limit, lookingAt: most)
        }
        if found == nil { found = try await gather(search, filter, in: order, from: start, limit: limit) }
        page.items = found?.items ?? []
        page.next = found?.next
        return page
    }

    /// Finds all matches, orders them, and reads those of the page.
    private func gather(
        _ search: Search,
        _ filter: Filter,
        in order: ListOrder,
        from start: PageStart,
        limit: Int
    ) async throws(StoreError) -> Page<StoredWork> {
        let positions = try await positions(of: search, in: order, from: start)
        var page = Page<StoredWork>.empty
        var budget = PageBudget()
        var rest = positions[...]
        while page.items.count < limit, !rest.isEmpty {
            let batch = rest.prefix(min(Self.readAtOnceMax, limit - page.items.count))
            rest = rest.dropFirst(batch.count)
            let ids = batch.compactMap { WorkID($0.id) }
            let replies = try await connection.send(ids.map(Self.read))
            for reply in replies { try budget.charge(reply) }
            for (position, (id, values)) in zip(batch, zip(ids, replies)) {
                // The work may have changed since it was found.
                guard let work = StoredWork(id: id, values: values), order.position(of: work) == position,
                    filter.accepts(work.record.work)
                else { continue }
                page.items.append(work)
            }
        }
        if !rest.isEmpty, let last = page.items.last { page.next = order.position(of: last) }
        return page
    }

    /// The positions of all matches from `start` on, in order.
    private func positions(
        of search: Search,
        in order: ListOrder,
        from start: PageStart
    ) async throws(StoreError) -> [Position] {
        let outcome = try await search.run(limit: limits.gatheredMax, counting: 0, fields: order.timeField)
        var positions = outcome.items.compactMap { item in
            item[0].integer.flatMap { milliseconds in
                item.id.map { Position(score: Timestamp(milliseconds: milliseconds).seconds, id: $0.text) }
            }
        }
        positions.sort { order.isDescending ? $1.comesBefore($0) : $0.comesBefore($1) }
        switch start {
        case .rank(let rank): return Array(positions.dropFirst(rank))
        case .after(let last):
            return positions.filter { order.isDescending ? $0.comesBefore(last) : last.comesBefore($0) }
        }
    }

    /// Walks the filter's sorted sets and examines the texts of each work on the way; nil if that would be many more
    /// than `most` works.
    private func walk(
        _ search: Search,
        _ filter: Filter,
        in order: ListOrder,
        from start: PageStart,
        limit: Int,
        lookingAt most: Int
    ) async throws(StoreError) -> Page<StoredWork>? {
        // One more than asked for, to know whether more follow.
        let walked = try await page(
            filter,
            in: order,
            from: start,
            limit: limit + 1,
            conditions: search.plan.conditions,
            lookingAt: most,
            by: search.deadline
        )
        guard var page = walked else { return nil }
        page.next = nil
        if page.items.count > limit {
            page.items.removeLast(page.items.count - limit)
            page.next = page.items.last.flatMap(order.position(of:))
        }
        return page
    }

    /// Far more works than a store can have, and still exact in Lua.
    private static let countedWithoutBound = 1 << 50
    private static let readAtOnceMax = 100
    /// A walk is given up once it has examined this many times as many works as expected.
    private static let walkedPerExpected = 4
}

extension Page {
    /// Sets the total; `matched` beyond `most` means that there are more than `most`.
    fileprivate mutating func count(_ matched: Int, upTo most: Int) {
        total = min(matched, most)
        totalIsLeast = matched > most
    }
}

extension Filter {
    /// Whether it asks for parts of texts and is thus a search.
    var searchesParts: Bool {
        for match in [name, description] {
            if case .contains = match { return true }
        }
        return false
    }
}

extension PageStart {
    /// How many works a walk examines to find `limit` matches after this start, if matches are spread evenly.
    fileprivate func expectedSteps(toFind limit: Int, of matched: Int, among all: Int) -> Int {
        let wanted =
            switch self {
            case .rank(let rank): min(rank, matched) + limit + 1
            case .after: limit + 1
            }
        return all / max(1, matched) * wanted
    }
}

extension Position {
    /// Whether it comes before another in ascending order; ids are compared by their bytes, as Redis does.
    fileprivate func comesBefore(_ other: Position) -> Bool {
        score == other.score ? id < other.id : score < other.score
    }
}

extension Reply {
    /// The id of an item of a search: the last element but one, before its number.
    fileprivate var id: WorkID? {
        self[count - 2].string.flatMap(WorkID.init)
    }
}

extension ListOrder {
    /// The field of a hash by which the works are ordered.
    fileprivate var timeField: MessagePack {
        switch family {
        case .created: Self.createdAt
        case .updated: Self.updatedAt
        case .deleted: Self.deletedAt
        }
    }

    private static let createdAt = MessagePack(["created_at"])
    private static let updatedAt = MessagePack(["updated_at"])
    private static let deletedAt = MessagePack(["deleted_at"])
}
