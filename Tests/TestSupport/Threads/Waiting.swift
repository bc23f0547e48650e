import Glibc
import Loop

/// Blocks the thread for a while.
package func pause(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    var rest = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    var time = rest
    while nanosleep(&time, &rest) != 0 && errno == EINTR { time = rest }
}

/// A condition did not come true in time.
package struct TimedOut: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}

/// Blocks until a condition is true, and throws after `patience`; an error counts as false until then.
package func eventually(
    _ claim: String,
    within patience: Duration = .seconds(15),
    _ isTrue: () throws -> Bool
) throws {
    let deadline = ContinuousClock.now + patience
    var lastError: (any Error)?
    repeat {
        do {
            if try isTrue() { return }
            lastError = nil
        } catch {
            lastError = error
        }
        pause(.milliseconds(5))
    } while ContinuousClock.now < deadline
    throw TimedOut(description: "not within \(patience): \(claim)" + (lastError.map { "; last error: \($0)" } ?? ""))
}

/// Suspends until a condition is true, and throws after `patience`: ``eventually(_:within:_:)`` for the event loop.
///
/// It runs on the caller's actor, so the condition may read the loop's state. It waits on the loop's timer, so the loop
/// must be running (``LoopThread``).
package func until(
    _ claim: String,
    within patience: Duration = .seconds(60),
    _ isTrue: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + patience
    while try await !isTrue() {
        guard ContinuousClock.now < deadline else { throw TimedOut(description: "not within \(patience): \(claim)") }
        await Timer.sleep(for: .milliseconds(2))
    }
}

/// Runs the same blocking work several times in parallel; the caller must run on `BlockingThreads`.
package func concurrently<Result: Sendable>(
    _ count: Int,
    _ work: @escaping @Sendable (Int) throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        for index in 0..<count { group.addTask { (index, try work(index)) } }
        var results = [Result?](repeating: nil, count: count)
        for try await (index, result) in group { results[index] = result }
        return results.compactMap { $0 }
    }
}

extension Duration {
    /// Whole milliseconds for `poll`, at least zero.
    var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        return Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
    }
}
