import Bytes
import Loop
import Redis
import Works

/// Stores changes of works, those together that come while others are being stored.
///
/// Works have many of their sets in common, so that one commit of several changes costs Redis far less than one for
/// each. A change that comes alone does not wait: it is committed at once.
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

    /// Stores a change, whole or not at all.
    ///
    /// - Returns: whether it is done, or which check failed.
    /// - Throws: what the store says.
    func store(_ change: WorkChange) async throws(StoreError) -> Commit.Outcome {
        let result = await withCheckedContinuation { caller in
            waiting.append(Waiting(change: change, caller: caller))
            guard commitsUnderWay < (waiting.count < Self.changesMax ? Self.commitsUsual : Self.commitsMax) else {
                return
            }
            commitsUnderWay += 1
            // As a task, it begins when all requests of this turn have come as far as this.
            LoopActor.start { [self] in
                while !waiting.isEmpty { await commit(takeBatch()) }
                commitsUnderWay -= 1
            }
        }
        return try result.get()
    }

    /// Nothing is written of a commit that is refused, so that its changes can be tried again.
    private func commit(_ batch: [Waiting]) async {
        let outcome = await outcome(of: batch.map(\.change))
        switch outcome {
        case .success(.failed(_, let key)) where batch.contains { $0.change.conflicts(on: key) }:
            // The others have nothing to do with it, and go first in the next commit.
            waiting = batch.filter { !$0.change.conflicts(on: key) } + waiting
            for one in batch where one.change.conflicts(on: key) { one.caller.resume(returning: outcome) }
        case .failure(.damaged) where batch.count > 1:
            // Something in the store is damaged: that is to fail those alone whom it concerns.
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

    /// Those who have waited longest, as many as Redis can store in some milliseconds; no two of the same work or with
    /// the same key, of which the second is to fail.
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

    /// While Redis is at one commit, the next is made ready.
    private static let commitsUsual = 2
    /// When many wait, it is not Redis's processor that they wait for, but its disk or the network.
    private static let commitsMax = 8
    private static let changesMax = 16
    private static let textBytesMax = 8 << 10
    private static let bytesMax = 256 << 10
}
