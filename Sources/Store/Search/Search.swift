import Loop
import Redis
import Works

/// A search by posting sets, highest number first, carried out by the function `search` in steps that each occupy Redis
/// for a few milliseconds at most, and take turns with those of others.
@LoopActor struct Search {
    /// What a search has found.
    struct Outcome {
        /// The items, each as the values of the fields asked for, then its id and its number.
        var items: [Reply] = []
        /// How many matches there are, counted up to the bound.
        var matched = 0
        /// Whether a match follows the last item.
        var hasMore = false
    }

    let connection: StoreConnection
    let plan: SearchPlan
    let limits: SearchLimits
    /// When it is given up, however often it is run.
    let deadline = ContinuousClock.now + StepQueue.timeMax

    init(connection: StoreConnection, plan: SearchPlan, limits: SearchLimits) {
        self.connection = connection
        self.plan = plan
        self.limits = limits
    }

    /// Finds matches, newest first.
    ///
    /// - Parameters:
    ///   - start: the number below which the items begin; nil for the newest.
    ///   - skip: how many matches to skip before the first item.
    ///   - limit: how many items to return; nil returns none and does not determine whether there are more.
    ///   - counting: how many matches to count at most, from the newest on, wherever the items begin.
    ///   - fields: which fields of the items to read.
    /// - Returns: the items, the count, and whether there are more.
    /// - Throws: the store's error, that the items are too large in total, or that it took too long.
    func run(
        from start: Int? = nil,
        skipping skip: Int = 0,
        limit: Int?,
        counting: Int,
        fields: MessagePack
    ) async throws(StoreError) -> Outcome {
        let query = query(from: start, fields: fields)
        var outcome = Outcome()
        var budget = PageBudget()
        var progress = Progress(skip: skip, limit: limit, toCount: max(0, counting))
        repeat {
            let reply = try await connection.steps.send(by: deadline) { effortMax throws(StoreError) in
                try await connection.send(progress.command(query, effort: min(limits.effortPerStep, effortMax)))
            }
            try budget.charge(reply)
            guard let reply = SearchReply(reply) else { throw .damaged }
            outcome.matched += reply.counted
            outcome.items += reply.items
            if reply.hasMore { outcome.hasMore = true }
            progress.advance(past: reply)
        } while progress.below != nil
        return outcome
    }

    /// What is left to do.
    private struct Progress {
        /// Where the next step continues; nil before the first step and after the last.
        var below: Int?
        var countedTo: Int?
        var skip: Int
        /// How many items are still wanted; 0 while it is unknown whether there are more; nil if none are wanted.
        var limit: Int?
        var toCount: Int

        mutating func advance(past reply: SearchReply) {
            below = reply.below
            countedTo = reply.countedTo
            skip -= reply.skipped
            toCount -= reply.counted
            limit = reply.hasMore ? nil : limit.map { $0 - reply.itemCount }
        }

        /// The command of the next step; `query` is what all steps share.
        func command(_ query: MessagePack, effort: Int) -> Command {
            var query = query
            query.set("effort", to: effort)
            query.set("below", to: below)
            query.set("counted_to", to: countedTo)
            query.set("skip", to: skip)
            query.set("limit", to: limit)
            query.set("count_max", to: toCount)
            return Library.call(Library.search, [Keys.sequence], query, isRead: true)
        }
    }

    private func query(from start: Int?, fields: MessagePack) -> MessagePack {
        var query = Self.layout
        query.set("page_below", to: start)
        query.set("dense_min", to: plan.open.isEmpty ? limits.denseMin : limits.denseMinIfAll)
        var alternatives = MessagePack()
        for terms in plan.alternatives { alternatives.append(array: MessagePack(terms.map(\.text))) }
        query.set("alternatives", to: alternatives)
        query.set("complement", to: plan.complement?.text)
        query.set("conditions", to: MessagePack(plan.open))
        query.set("fields", to: fields)
        return query
    }

    /// What all searches share.
    private static let layout = {
        var query = MessagePack()
        query.set("bytes", to: bytesPerCallMax)
        query.set("posting_prefix", to: Keys.postingPrefix)
        query.set("block_separator", to: Keys.blockSeparator)
        query.set("block_size", to: Keys.blockSize)
        query.set("ids_prefix", to: Keys.idsPrefix)
        query.set("ids_per_hash", to: Keys.idsPerHash)
        query.set("item_prefix", to: Keys.workPrefix)
        return query
    }()

    /// All fields of a work, for ``run(from:skipping:limit:counting:fields:)``.
    static let workFields = MessagePack(WorkColumns.hashFields.names)

    private static let bytesPerCallMax = 1 << 20
}
