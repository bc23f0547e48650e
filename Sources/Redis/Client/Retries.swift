import Loop

/// The callers waiting for the next connection to send their commands once more.
@LoopActor final class Retries {
    /// How many commands the waiting callers want to send.
    private(set) var commandCount = 0
    /// The callers by their tickets, which are numbered in the order of arrival.
    private var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
    private var nextTicket = 0

    /// Waits for the next connection; returns whether one is usable before `deadline`.
    func waitForConnection(toSend count: Int, before deadline: ContinuousClock.Instant) async -> Bool {
        let ticket = nextTicket
        nextTicket += 1
        commandCount += count
        defer { commandCount -= count }
        let timer = Timer(after: deadline - .now) { [self] in
            waiters.removeValue(forKey: ticket)?.resume(returning: false)
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { waiters[ticket] = $0 }
    }

    /// Resumes all callers in the order of arrival, with whether a connection is usable.
    func resumeAll(isUsable: Bool) {
        let resumed = waiters.sorted { $0.key < $1.key }
        waiters.removeAll()
        for (_, waiter) in resumed { waiter.resume(returning: isUsable) }
    }
}
