import Redis
public import Works

extension WorkStore {
    /// A page of the works that meet a filter.
    ///
    /// Without texts in the filter it is read by rank; with texts, see `WorkStore+Search.swift`.
    public func list(
        _ filter: Filter,
        in order: ListOrder,
        from start: PageStart,
        limit: Int
    ) async throws(StoreError) -> Page<StoredWork> {
        if filter.hasText { return try await confirmed(find(filter, in: order, from: start, limit: limit)) }
        return try await confirmed(page(filter, in: order, from: start, limit: limit))
    }

    /// Returns the page, unless its list is empty because the store was emptied or lost its functions meanwhile.
    func confirmed(_ page: Page<StoredWork>) async throws(StoreError) -> Page<StoredWork> {
        if page.total == 0 { try await connection.check() }
        return page
    }

    /// Reads a page from the filter's own sorted sets.
    func page(
        _ filter: Filter,
        in order: ListOrder,
        from start: PageStart,
        limit: Int
    ) async throws(StoreError) -> Page<StoredWork> {
        try await pages(filter, in: order).read(
            IndexSets.keys(for: filter, in: order.family),
            from: start,
            limit: limit
        )
    }

    /// A page of the works that also meet conditions; nil if that would require examining many more than `most` works.
    ///
    /// It is given up at the deadline.
    func page(
        _ filter: Filter,
        in order: ListOrder,
        from start: PageStart,
        limit: Int,
        conditions: [SearchPlan.Condition],
        lookingAt most: Int,
        by deadline: ContinuousClock.Instant
    ) async throws(StoreError) -> Page<StoredWork>? {
        try await pages(filter, in: order).read(
            IndexSets.keys(for: filter, in: order.family),
            from: start,
            limit: limit,
            conditions: conditions,
            lookingAt: most,
            by: deadline
        )
    }

    /// Reads pages of a list; `isDescending` overrides the direction of its order.
    func pages(_ filter: Filter, in order: ListOrder, isDescending: Bool? = nil) -> PageReader<StoredWork> {
        PageReader(
            connection: connection,
            isDescending: isDescending ?? order.isDescending,
            prefix: Keys.workPrefix,
            fields: WorkColumns.hashFields,
            item: { id, values in WorkID(id).flatMap { StoredWork(id: $0, values: values) } },
            isAt: { work, position in order.position(of: work) == position && work.hasAttributes(of: filter) }
        )
    }
}

extension ListOrder {
    var family: Keys.Family {
        switch self {
        case .live(.createdAscending), .live(.createdDescending): .created
        case .live(.updatedAscending), .live(.updatedDescending): .updated
        case .trash: .deleted
        }
    }

    var isDescending: Bool {
        switch self {
        case .live(.createdAscending), .live(.updatedAscending): false
        case .live(.createdDescending), .live(.updatedDescending), .trash: true
        }
    }

    /// The position of a work in this order; nil if it is not in the list.
    func position(of work: StoredWork) -> Position? {
        let time = IndexSets.time(
            in: family,
            created: work.createdAt,
            updated: work.updatedAt,
            deleted: work.deletedAt
        )
        return time.map { Position(score: $0.seconds, id: work.id.text) }
    }
}
