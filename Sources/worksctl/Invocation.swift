internal import Glibc
internal import Loop
internal import Redis
internal import Store
internal import Works

/// What a command has been called with, and the way to the store, for those that need it.
struct Invocation: Sendable {
    let address: RedisAddress
    /// The values of the flags that were given.
    let values: [String: String]

    /// Connects to the store; gives up after as long as somebody would wait at a terminal.
    @LoopActor func connect() async throws(Stop) -> RedisConnection {
        var limits = RedisLimits()
        // One user, who sends much at once and has time.
        limits.commandsInFlightMax = 1_000_000
        limits.commandTimeout = .seconds(30)
        let connection = RedisConnection(to: address, limits: limits) { _ in }
        connection.start()
        let deadline = ContinuousClock.now + Self.patience
        while !connection.isUsable {
            guard ContinuousClock.now < deadline else {
                throw Stop(
                    sentence: "the store cannot be reached: \(connection.lastProblem ?? "no answer")",
                    status: EX_UNAVAILABLE
                )
            }
            await Timer.sleep(for: .milliseconds(10))
        }
        return connection
    }

    /// The secret of a store that has been installed.
    @LoopActor func secret(of connection: RedisConnection) async throws(Stop) -> SipKey {
        let secret: SipKey?
        do throws(RedisError) {
            secret = try await Storage.secret(of: connection)
        } catch {
            throw Stop(error)
        }
        guard let secret else { throw .failed("the store is not installed; run worksctl install") }
        return secret
    }

    /// Connects to a store that has been installed.
    @LoopActor func storage() async throws(Stop) -> Storage {
        let connection = try await connect()
        return Storage(over: connection, secret: try await secret(of: connection))
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
