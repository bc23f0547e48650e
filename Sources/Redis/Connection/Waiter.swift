import Loop

/// What waits for a reply: the caller of a single command, or a pipeline whose caller waits for several.
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
