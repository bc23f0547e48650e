import Loop
import Redis

/// Sends the steps of searches and walks to Redis one at a time, in the order in which they come.
///
/// Redis carries out one command after another, for everyone. If each search under way had a step there, every other
/// command would wait for all of them. So a worker has one step in Redis at most, and a search of many steps waits for
/// its turn before each. While others wait, a step is to be short, and after one that was not, Redis is left alone for
/// four times as long as that took, the wait for other workers' steps included: so the searches of two workers take
/// less than half of its time.
@LoopActor final class StepQueue {
    /// Whether a step is under way, or Redis is left alone after one.
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    nonisolated init() {}

    /// Sends a step when its turn comes.
    ///
    /// - Parameters:
    ///   - deadline: when it is too late to begin.
    ///   - step: sends it; told what it may spend, in the functions' units of effort, besides its own bound.
    /// - Returns: its reply.
    /// - Throws: ``StoreError/overloaded`` if too many steps wait or it has become too late, or the error of the step.
    func send(
        by deadline: ContinuousClock.Instant,
        _ step: @LoopActor (_ effortMax: Int) async throws(StoreError) -> Reply
    ) async throws(StoreError) -> Reply {
        if isTaken {
            guard waiting.count < Self.waitingMax else { throw .overloaded }
            await withCheckedContinuation { waiting.append($0) }
        }
        isTaken = true
        let began = ContinuousClock.now
        defer { leave(after: .now - began) }
        guard began < deadline else { throw .overloaded }
        return try await step(waiting.isEmpty ? .max : Self.effortWhileOthersWait)
    }

    private func leave(after taken: Duration) {
        if taken < Self.takenUnnoticed || waiting.isEmpty {
            admitNext()
        } else {
            _ = Timer(after: min(taken * Self.restPerTaken, Self.restMax)) { [self] in admitNext() }
        }
    }

    private func admitNext() {
        if waiting.isEmpty {
            isTaken = false
        } else {
            waiting.removeFirst().resume()
        }
    }

    /// How long a search may take, a walk included: nginx asks another worker after ten seconds.
    nonisolated static let timeMax: Duration = .seconds(9)
    nonisolated static let waitingMax = 256
    /// Half a millisecond: a look at a text of the largest size.
    nonisolated static let effortWhileOthersWait = 256
    /// A step of an ordinary search takes less, and Redis is not left alone after it.
    private static let takenUnnoticed: Duration = .microseconds(300)
    private static let restPerTaken = 4
    /// A step that took longer than a quarter of this was not long, but had to wait.
    private static let restMax: Duration = .milliseconds(8)
}
