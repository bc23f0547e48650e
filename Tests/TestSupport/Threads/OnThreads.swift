package import Testing

/// Runs the tests of a suite on threads where they may block, and bounds how many suites of a kind run at a time.
///
/// Without the bound, a machine with two cores would start thirty stacks of processes at once, and every deadline would
/// measure the crowd instead of the service.
///
/// The suite holds the slot, not each of its tests. Swift Testing starts the clock of a test before it asks the test's
/// traits for a scope, so a test that waited there would report the wait as its own duration. The suite waits before
/// any of its tests starts, so the time printed for a test is its own. The time printed for a suite includes the wait.
package struct OnThreads: SuiteTrait, TestScoping {
    private let slots: Slots
    private let isSerial: Bool

    /// The suite alone needs a scope: its tests inherit the executor and the order.
    package func scopeProvider(for test: Test, testCase: Test.Case?) -> OnThreads? { test.isSuite ? self : nil }

    package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        await slots.acquire()
        defer { slots.release() }
        try await withTaskExecutorPreference(BlockingThreads.shared) {
            guard isSerial else { return try await function() }
            try await ParallelizationTrait.serialized.provideScope(for: test, testCase: testCase) {
                try await function()
            }
        }
    }

    fileprivate init(_ slots: Slots, isSerial: Bool) {
        self.slots = slots
        self.isSerial = isSerial
    }
}

extension Trait where Self == OnThreads {
    /// For tests that send requests to the stack that all of them share: four suites at a time, each in order.
    package static var sharingAStack: Self { OnThreads(.sharing, isSerial: true) }

    /// For tests that start stacks of their own or load the machine: two suites at a time, each in order.
    package static var startingProcesses: Self { OnThreads(.processes, isSerial: true) }

    /// For tests that mostly wait, or run programs that exit at once: four suites at a time, all tests of each at once.
    package static var waiting: Self { OnThreads(.waiting, isSerial: false) }
}
