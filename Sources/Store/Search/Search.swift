import Loop
import Redis
import Works

/// A search by posting sets, newest number first, carried out by `works_1_search` in steps that hold Redis up for no
/// more than a few milliseconds each.
@LoopActor struct Search {
    /// What one search has come to.
    struct Outcome {
        /// The items, each with its id and number behind the values of the fields asked for.
        var items: [Reply] = []
        /// How many matches there are, counted up to the bound.
        var matched = 0
        /// Whether there is a match behind the last item.
        var hasMore = false
    }

    let connection: StoreConnection
    let plan: SearchPlan
    let limits: SearchLimits

    /// Finds matches from the newest down.
    ///
    /// - Parameters:
    ///   - start: the number under which the items begin; nil for the newest.
    ///   - skip: how many matches to pass over before the first item.
    ///   - take: how many items to return; nil for none, and then it is not found out whether there are more.
    ///   - counting: how many matches to count at the most, from the newest on wherever the items begin.
    ///   - fields: which fields of the items to read.
    /// - Returns: the items, the count, and whether there are more.
    /// - Throws: what the store says, or that the items are too large together.
    func run(
        from start: Int? = nil,
        skipping skip: Int = 0,
        take: Int?,
        counting: Int,
        fields: Command.Words
    ) async throws(StoreError) -> Outcome {
        var outcome = Outcome()
        var budget = PageBudget()
        var progress = Progress(skip: skip, take: take ?? -1)
        repeat {
            let command = command(from: start, counting: counting - outcome.matched, progress, fields: fields)
            let reply = try await connection.send(command)
            try budget.take(reply)
            guard let step = Step(reply) else { throw .damaged }
            outcome.matched += step.matched
            for index in Step.headCount..<reply.count { outcome.items.append(reply[index]) }
            if step.hasMore { outcome.hasMore = true }
            progress.advance(by: step, items: reply.count - Step.headCount)
        } while progress.below != nil
        return outcome
    }

    /// How far the steps have come.
    private struct Progress {
        /// Where the next step goes on: nil before the first one, and after the last.
        var below: Int?
        var counted: Int?
        var skip: Int
        /// How many items are still to come; 0 until it is known whether there are more; then -1.
        var take: Int

        init(skip: Int, take: Int) {
            self.skip = skip
            self.take = take
        }

        mutating func advance(by step: Step, items: Int) {
            below = step.below
            counted = step.counted
            skip -= step.skipped
            take = step.hasMore || take < 0 ? -1 : take - items
        }
    }

    private struct Step {
        let matched: Int
        let counted: Int?
        let skipped: Int
        let below: Int?
        let hasMore: Bool

        /// How many elements come before the items.
        static let headCount = 5

        init?(_ reply: Reply) {
            guard reply.count >= Self.headCount, let matched = reply[0].integer, let skipped = reply[2].integer else {
                return nil
            }
            self.matched = matched
            counted = reply[1].integer
            self.skipped = skipped
            below = reply[3].integer
            hasMore = reply[4].integer == 1
        }
    }

    private func command(from start: Int?, counting: Int, _ progress: Progress, fields: Command.Words) -> Command {
        var command = Command.reading("FCALL_RO", Library.search, "1", Keys.sequence)
        command.append(optional: progress.below)
        command.append(optional: progress.counted)
        command.append(optional: start)
        command.append(progress.skip)
        command.append(progress.take)
        command.append(max(0, counting))
        command.append(limits.effortPerStep)
        command.append(Self.bytesPerCallMax)
        command.append(Keys.postingPrefix)
        command.append(Keys.idsPrefix)
        command.append(Keys.workPrefix)
        command.append(plan.open.isEmpty ? limits.denseMin : limits.denseMinIfAll)
        command.append(plan.complement?.text ?? "")
        command.append(plan.alternatives.count)
        for terms in plan.alternatives {
            command.append(terms.count)
            for term in terms { command.append(term.text) }
        }
        command.append(plan.open)
        command.append(fields)
        return command
    }

    private static let bytesPerCallMax = 1 << 20
}

/// The bounds of searches.
struct SearchLimits {
    /// What one step may do, in units of about two microseconds: some hundreds of items, or of looks at texts.
    ///
    /// A step that comes to a dense block can take as long again.
    var effortPerStep = 2000
    /// From how many matches in a block on its numbers are tried one after the other: where a page needs but a few of
    /// them, and where all have to be looked at, since listing many costs less than trying all.
    var denseMin = 2048
    var denseMinIfAll = 8192
    /// Up to how many matches the total of a search is exact.
    var countedMax = 10_000
    /// How many matches are gathered to be ordered; more would take too much memory and too many steps.
    var gatheredMax = 20_000
}

extension Command {
    /// Nothing is the empty word.
    fileprivate mutating func append(optional number: Int?) {
        if let number { append(number) } else { append("") }
    }
}
