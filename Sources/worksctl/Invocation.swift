import Glibc
import Loop
import Redis
import Secrets
import Store
import Works

/// What a command has been called with, and the way to the store, for those that need it.
struct Invocation: Sendable {
    let address: RedisAddress
    /// The values of the flags that were given.
    let values: [String: String]

    /// Connects to the store; gives up after as long as somebody would wait at a terminal.
    @LoopActor func connect() async throws -> RedisClient {
        var limits = RedisLimits()
        // One user, who sends much at once and has time.
        limits.commandsInFlightMax = 1_000_000
        limits.commandTimeout = .seconds(30)
        let client = RedisClient(to: address, limits: limits)
        client.start()
        let deadline = ContinuousClock.now + Self.patience
        while !client.isUsable {
            guard ContinuousClock.now < deadline else {
                throw Exit(
                    sentence: "the store cannot be reached: \(client.unusableReason ?? "no answer")",
                    status: EX_UNAVAILABLE
                )
            }
            await Timer.sleep(for: .milliseconds(10))
        }
        return client
    }

    /// Connects to a store that has been installed.
    @LoopActor func store() async throws -> StoreConnection {
        try await StoreConnection(over: try await connect())
    }

    func number(_ flag: String, _ range: ClosedRange<Int>) throws -> Int? {
        guard let text = values[flag] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Exit.usage("\(flag): '\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static let patience = Duration.seconds(5)
}
