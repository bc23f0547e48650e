/// A function to be called once, at an instant of the monotonic clock.
@LoopActor public final class Timer {
    let due: ContinuousClock.Instant
    /// Nil once it has been called or cancelled.
    private var handler: (@LoopActor () -> Void)?

    /// Calls `handler` on the loop after `delay`, unless cancelled first.
    ///
    /// The loop holds the timer, so the caller need not.
    @discardableResult
    public init(after delay: Duration, handler: @escaping @LoopActor () -> Void) {
        due = .now + delay
        self.handler = handler
        LoopActor.loop.timers.insert(self)
    }

    /// Ensures that the handler is not called, and releases it.
    public func cancel() {
        guard handler != nil else { return }
        handler = nil
        LoopActor.loop.timers.noteCancellation()
    }

    var isCancelled: Bool {
        handler == nil
    }

    func fire() {
        let handler = self.handler
        self.handler = nil
        handler?()
    }

    /// Waits for what `body` returns, but not longer than `limit`.
    ///
    /// - Returns: nil if the time was up first; `body` then runs on, and what it returns is dropped.
    public static func wait<Outcome: Sendable>(
        atMost limit: Duration,
        for body: @escaping @LoopActor () async -> Outcome
    ) async -> Outcome? {
        await withCheckedContinuation { continuation in
            var caller: CheckedContinuation<Outcome?, Never>? = continuation
            func goOn(with outcome: Outcome?) {
                caller?.resume(returning: outcome)
                caller = nil
            }
            let timer = Timer(after: limit) { goOn(with: nil) }
            LoopActor.start {
                let outcome = await body()
                timer.cancel()
                goOn(with: outcome)
            }
        }
    }

    /// Suspends the task for `delay`.
    ///
    /// `Task.sleep` would wait on another thread.
    public static func sleep(for delay: Duration) async {
        await withCheckedContinuation { continuation in
            _ = Timer(after: delay) { continuation.resume() }
        }
    }
}
