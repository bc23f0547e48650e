import Loop

/// A command that has been given to hiredis and has no reply yet.
struct Pending {
    let waiter: Waiter
    /// When the connection counts as dead if the reply has not come.
    let deadline: ContinuousClock.Instant
    /// Where the command ends in the stream of all bytes that the connection sends.
    let end: Int
    /// The fields that are wanted of a hash.
    let fields: HashFields?
}

/// Who waits for a reply: the caller of a single command, or a pipeline whose caller waits for all of them.
enum Waiter {
    case one(UnsafeContinuation<Result<Reply, RedisError>, Never>)
    case part(Pipeline)

    @LoopActor func finish(_ outcome: Result<Reply, RedisError>) {
        switch self {
        case .one(let caller): caller.resume(returning: outcome)
        case .part(let pipeline): pipeline.add(outcome)
        }
    }
}

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

    /// Takes the outcome of the next command, and answers the caller after the last.
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

    /// Answers the caller now; the replies that are still to come go nowhere.
    func expire() {
        finish(.failure(.timedOut))
    }

    /// The first error counts, unless a later one leaves more in the dark.
    ///
    /// "Nothing happened" is true of the whole only as long as none of it was sent.
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
