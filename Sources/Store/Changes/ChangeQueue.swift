import Bytes
import Loop
import Redis
import Works

/// Stores changes of works, and combines those that arrive while others are being stored.
///
/// Works share many of their sets, so one commit of several changes costs Redis far less than a commit for each. A
/// change that arrives alone does not wait: it is committed at once.
@LoopActor final class ChangeQueue {
    private struct Waiting {
        let change: WorkChange
        let caller: CheckedContinuation<Result<Commit.Outcome, StoreError>, Never>
    }

    private let connection: StoreConnection
    private var waiting: [Waiting] = []
    private var commitsUnderWay = 0

    nonisolated init(_ connection: StoreConnection) {
        self.connection = connection
    }

    /// Stores a change completely or not at all.
    ///
    /// - Returns: that it is done, or which check failed.
    /// - Throws: the store's error.
    func store(_ change: WorkChange) async throws(StoreError) -> Commit.Outcome {
        let result = await withCheckedContinuation { caller in
            waiting.append(Waiting(change: change, caller: caller))
            guard commitsUnderWay < (waiting.count < Self.changesMax ? Self.commitsUsual : Self.commitsMax) else {
                return
            }
            commitsUnderWay += 1
            // A task starts after all requests of this turn of the loop have added their changes.
            LoopActor.start { [self] in
                while !waiting.isEmpty { await commit(takeBatch()) }
                commitsUnderWay -= 1
            }
        }
        return try result.get()
    }

    /// A commit that fails has written nothing, so its changes can be tried again.
    private func commit(_ batch: [Waiting]) async {
        let outcome = await outcome(of: batch.map(\.change))
        switch outcome {
        case .success(.failed(_, let key)) where batch.contains { $0.change.conflicts(on: key) }:
            // The other changes are not affected, and go first in the next commit.
            waiting = batch.filter { !$0.change.conflicts(on: key) } + waiting
            for one in batch where one.change.conflicts(on: key) { one.caller.resume(returning: outcome) }
        case .failure(.full) where Set(batch.map(\.change.onlyFrees)).count > 1:
            // By themselves, those that free memory are accepted.
            waiting = batch.filter(\.change.onlyFrees) + waiting
            for one in batch where !one.change.onlyFrees { one.caller.resume(returning: outcome) }
        case .failure(.damaged) where batch.count > 1, .failure(.rejected) where batch.count > 1:
            // Something in the store is damaged: only the changes that touch it may fail.
            for one in batch { one.caller.resume(returning: await self.outcome(of: [one.change])) }
        default:
            for one in batch { one.caller.resume(returning: outcome) }
        }
    }

    private func outcome(of changes: [WorkChange]) async -> Result<Commit.Outcome, StoreError> {
        do throws(StoreError) {
            let commit = WorkChange.commit(of: changes, secret: try connection.secret())
            return .success(try await connection.apply(commit))
        } catch {
            return .failure(error)
        }
    }

    /// Removes and returns the oldest waiting changes that fit one commit of a few milliseconds.
    ///
    /// Never two changes of one work, nor two with one idempotency key: the second must fail by itself.
    private func takeBatch() -> [Waiting] {
        var (bytes, textBytes) = (0, 0)
        var names: Set<ExactText> = []
        var batch: [Waiting] = []
        var left: [Waiting] = []
        for (index, one) in waiting.enumerated() {
            bytes += one.change.byteCount
            textBytes += one.change.textByteCount
            let isTooMuch = bytes > Self.bytesMax || textBytes > Self.textBytesMax || batch.count == Self.changesMax
            if !batch.isEmpty && isTooMuch {
                left += waiting[index...]
                break
            }
            let own = one.change.conflictKeys
            if names.isDisjoint(with: own) {
                names.formUnion(own)
                batch.append(one)
            } else {
                left.append(one)
            }
        }
        waiting = left
        return batch
    }

    /// While Redis carries out one commit, the next is prepared.
    private static let commitsUsual = 2
    /// When many changes wait, Redis's disk or the network is the bottleneck, not its processor.
    private static let commitsMax = 8
    private static let changesMax = 16
    private static let textBytesMax = 8 << 10
    private static let bytesMax = 256 << 10
}
