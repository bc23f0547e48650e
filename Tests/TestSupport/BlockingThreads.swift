import Foundation
package import Testing

/// An executor that gives every job a thread of its own, so that tests may block: on sockets, processes, pauses.
///
/// The tests of a whole process spend their time waiting. On Swift's global pool, as wide as the machine has cores,
/// a few of them would stop every other test in the run; here a waiting test costs one sleeping thread. Child tasks
/// inherit the executor, so clients that run side by side are task groups of ordinary blocking code.
package final class BlockingThreads: TaskExecutor {
    package static let shared = BlockingThreads()

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Runs each test of a suite on a thread of its own, and only so many of one kind at a time.
///
/// The bound keeps a machine of two cores from starting thirty stacks of processes at once, where every deadline would
/// measure the crowd and not the service.
package struct OnThreads: SuiteTrait, TestTrait, TestScoping {
    private let places: Places

    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        await places.take()
        defer { places.giveBack() }
        try await withTaskExecutorPreference(BlockingThreads.shared) { try await function() }
    }

    fileprivate init(_ places: Places) { self.places = places }
}

extension Trait where Self == OnThreads {
    /// For tests that send requests to a stack that others use too.
    package static var sharingAStack: Self { OnThreads(.sharing) }

    /// For tests that start processes of their own and load the machine.
    package static var startingProcesses: Self { OnThreads(.starting) }

    /// For tests that do little but wait.
    package static var waiting: Self { OnThreads(.waiting) }
}

/// A counted set of places; whoever finds none waits, and is served in the order of arrival.
private final class Places: Sendable {
    static let sharing = Places(4)
    static let starting = Places(2)
    static let waiting = Places(16)

    private struct State {
        var free: Int
        var queue: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Protected<State>

    init(_ count: Int) { state = Protected(State(free: count)) }

    func take() async {
        await withCheckedContinuation { waiter in
            let goesOn = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.queue.append(waiter)
                return false
            }
            if goesOn { waiter.resume() }
        }
    }

    func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.queue.isEmpty else { return state.queue.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
