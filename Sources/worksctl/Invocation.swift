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
    @LoopActor func connect() async throws(Stop) -> RedisClient {
        var limits = RedisLimits()
        // One user, who sends much at once and has time.
        limits.commandsInFlightMax = 1_000_000
        limits.commandTimeout = .seconds(30)
        let client = RedisClient(to: address, limits: limits) { _ in nil }
        client.start()
        let deadline = ContinuousClock.now + Self.patience
        while !client.isUsable {
            guard ContinuousClock.now < deadline else {
                throw Stop(
                    sentence: "the store cannot be reached: \(client.unusableReason ?? "no answer")",
                    status: EX_UNAVAILABLE
                )
            }
            await Timer.sleep(for: .milliseconds(10))
        }
        return client
    }

    /// The secret of a store that has been installed.
    @LoopActor func secret(of client: RedisClient) async throws(Stop) -> SecretKey {
        let secret: SecretKey?
        do throws(RedisError) {
            secret = try await StoreConnection.secret(of: client)
        } catch {
            throw Stop(error)
        }
        guard let secret else { throw .failed("the store is not installed; run worksctl install") }
        return secret
    }

    /// Connects to a store that has been installed.
    @LoopActor func storage() async throws(Stop) -> StoreConnection {
        let client = try await connect()
        return StoreConnection(over: client, secret: try await secret(of: client))
    }

    func number(_ flag: String, _ range: ClosedRange<Int>) throws(Stop) -> Int? {
        guard let text = values[flag] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .usage("\(flag): '\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static let patience = Duration.seconds(5)
}
