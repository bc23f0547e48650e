import Loop

/// Collects the replies to commands that were sent together.
@LoopActor final class Pipeline {
    typealias Caller = UnsafeContinuation<Result<[Reply], RedisError>, Never>

    /// Nil once it has been resumed.
    private var caller: Caller?
    private var replies: [Reply] = []
    private var error: RedisError?
    private var missing: Int
    private var isSent = false

    init(of count: Int, for caller: Caller) {
        missing = count
        self.caller = caller
        replies.reserveCapacity(count)
    }

    /// Adds the outcome of the next command, and resumes the caller after the last one.
    func add(_ outcome: Result<Reply, RedisError>) {
        missing -= 1
        switch outcome {
        case .success(let reply):
            replies.append(reply)
            isSent = true
        case .failure(let failure):
            note(failure)
        }
        if missing == 0 { finish(error.map { .failure($0) } ?? .success(replies)) }
    }

    /// Resumes the caller now; the replies still to come are dropped.
    func expire() {
        finish(.failure(.timedOut))
    }

    /// Keeps the first error, unless only a later one leaves the outcome unknown.
    ///
    /// "Nothing happened" is true of the pipeline only if none of it was sent.
    private func note(_ failure: RedisError) {
        let failure = failure == .disconnected && isSent ? .connectionLost : failure
        isSent = isSent || failure != .disconnected
        if error.map({ failure.isOutcomeUnknown && !$0.isOutcomeUnknown }) ?? true { error = failure }
    }

    private func finish(_ outcome: Result<[Reply], RedisError>) {
        caller?.resume(returning: outcome)
        caller = nil
    }
}
