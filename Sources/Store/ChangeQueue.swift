internal import Loop
internal import Redis
internal import Works

/// Stores changes of works, those together that come while others are being stored.
///
/// Works have many of their sets in common, so that one commit of several changes costs Redis far less than one for
/// each. A change that comes alone does not wait: it is committed at once.
@LoopActor final class ChangeQueue {
    private struct Waiting {
        let change: WorkChange
        let caller: CheckedContinuation<Result<Commit.Outcome, Failure>, Never>
    }

    private let storage: Storage
    private var waiting: [Waiting] = []
    private var commitsUnderWay = 0

    nonisolated init(_ storage: Storage) {
        self.storage = storage
    }

    /// Stores a change, whole or not at all.
    ///
    /// - Returns: whether it is done, or which check failed.
    /// - Throws: what the store says.
    func store(_ change: WorkChange) async throws(Failure) -> Commit.Outcome {
        let result = await withCheckedContinuation { caller in
            waiting.append(Waiting(change: change, caller: caller))
            guard commitsUnderWay < Self.commitsMax else { return }
            commitsUnderWay += 1
            // As a task, it begins when all requests of this turn have come as far as this.
            LoopActor.start { [self] in
                while !waiting.isEmpty { await commit(takeBatch()) }
                commitsUnderWay -= 1
            }
        }
        return try result.get()
    }

    private func commit(_ batch: [Waiting]) async {
        let outcome = await outcome(of: batch.map(\.change))
        if case .success(.failed) = outcome, batch.count > 1 {
            // One of them fails all; which one is not for the others to find out.
            for one in batch {
                LoopActor.start { [self] in one.caller.resume(returning: await self.outcome(of: [one.change])) }
            }
        } else {
            for one in batch { one.caller.resume(returning: outcome) }
        }
    }

    private func outcome(of changes: [WorkChange]) async -> Result<Commit.Outcome, Failure> {
        do throws(Failure) {
            let commit = WorkChange.commit(of: changes, secret: try storage.signingKey())
            return .success(try await storage.apply(commit))
        } catch {
            return .failure(error)
        }
    }

    /// Those who have waited longest, as many as Redis can store in some milliseconds; no two of the same work or with
    /// the same key, of which the second is to fail.
    private func takeBatch() -> [Waiting] {
        var bytes = 0
        var taken: Set<ExactText> = []
        let batch = waiting.prefix(Self.changesMax).prefix { one in
            let isFirst = taken.isEmpty
            bytes += one.change.textByteCount
            guard taken.insert(ExactText(Keys.work(one.change.new.work.id))).inserted else { return false }
            if let key = one.change.key, !taken.insert(ExactText(key.recordKey)).inserted { return false }
            return isFirst || bytes <= Self.textBytesMax
        }
        waiting.removeFirst(batch.count)
        return Array(batch)
    }

    /// While Redis is at one commit, the next is made ready.
    private static let commitsMax = 2
    private static let changesMax = 16
    private static let textBytesMax = 8 << 10
}
