import Loop
import Program
import Redis
import Store

/// The store that a command works on; connected only when a command asks for it, since not all do.
struct TargetStore: Sendable {
    let address: RedisAddress

    /// Connects to its Redis, which need not be a store yet; gives up after ``patience``.
    @LoopActor func connectToRedis() async throws -> RedisClient {
        var limits = RedisLimits()
        // A single user, who sends much at once and can wait.
        limits.commandsInFlightMax = 1_000_000
        limits.commandTimeout = .seconds(30)
        let client = RedisClient(to: address, limits: limits)
        client.start()
        let deadline = ContinuousClock.now + Self.patience
        while !client.isUsable {
            guard ContinuousClock.now < deadline else {
                throw Exit.unavailable("the store cannot be reached: \(client.unusableReason ?? "no answer")")
            }
            await Timer.sleep(for: .milliseconds(10))
        }
        return client
    }

    /// Connects to the installed store.
    @LoopActor func connect() async throws -> StoreConnection {
        try await StoreConnection(over: try await connectToRedis())
    }

    private static let patience = Duration.seconds(5)
}
