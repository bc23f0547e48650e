import Loop
import TestSupport
import Testing

@testable import Redis

/// A private redis-server in a directory of its own.
final class PrivateRedis: Sendable {
    let directory: ScratchDirectory
    let server: RedisServer

    init(settings: [String: String] = [:]) throws {
        LoopThread.start()
        directory = try ScratchDirectory()
        server = try RedisServer(
            in: directory,
            configuration: nil,
            settings: ["save": "", "appendonly": "no"].merging(settings) { _, new in new }
        )
    }

    var address: RedisAddress { RedisAddress(.unix(path: server.socket)) }
}

/// Short times, so that the tests are over soon.
func limits(commandTimeout: Duration = .seconds(5), _ change: (inout RedisLimits) -> Void = { _ in }) -> RedisLimits {
    var limits = RedisLimits()
    limits.commandTimeout = commandTimeout
    limits.backOffMax = .milliseconds(50)
    change(&limits)
    return limits
}

/// The gate of a connection to anything.
@LoopActor func letThrough(_ gate: Candidate) async throws(RedisError) {}

/// The gate of a connection to a Redis that answers.
@LoopActor func ping(_ gate: Candidate) async throws(RedisError) {
    _ = try await gate.send(Command("PING"))
}

/// Runs `body` with a usable connection and closes it.
func withConnection(
    to address: RedisAddress,
    limits: RedisLimits = limits(),
    gate: @escaping RedisClient.Admission = letThrough,
    _ body: (RedisClient) async throws -> Void
) async throws {
    let connection = await RedisClient(to: address, limits: limits, gate: gate)
    await connection.start()
    do {
        try await until("the connection is usable") { await connection.isUsable }
        try await body(connection)
    } catch {
        await connection.close()
        throw error
    }
    await connection.close()
}

/// Asks again and again until the answer is yes.
func until(
    _ claim: String,
    within patience: Duration = .seconds(15),
    _ isTrue: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + patience
    while try await !isTrue() {
        guard ContinuousClock.now < deadline else { throw TimedOut(description: "not within \(patience): \(claim)") }
        await Timer.sleep(for: .milliseconds(2))
    }
}

/// The error that `body` throws; nil if it throws none.
func failure(of body: () async throws -> some Any) async -> RedisError? {
    do {
        _ = try await body()
    } catch let error as RedisError {
        return error
    } catch {
        Issue.record(error)
    }
    return nil
}

/// Sends commands side by side, each as a caller of its own and all in one turn of the loop, and gives what became of
/// each.
@LoopActor func sendApart(
    _ commands: [Command],
    on connection: RedisClient
) async -> [Result<Reply, RedisError>] {
    let callers = Callers()
    return await withCheckedContinuation { continuation in
        callers.send(commands, on: connection) { continuation.resume(returning: $0) }
    }
}

/// Callers that run side by side, and what has become of their commands.
@LoopActor private final class Callers {
    private var outcomes: [Int: Result<Reply, RedisError>] = [:]

    func send(
        _ commands: [Command],
        on connection: RedisClient,
        then done: @escaping @LoopActor ([Result<Reply, RedisError>]) -> Void
    ) {
        for (index, command) in commands.enumerated() {
            LoopActor.start { [self] in
                do throws(RedisError) {
                    outcomes[index] = .success(try await connection.send(command))
                } catch {
                    outcomes[index] = .failure(error)
                }
                if outcomes.count == commands.count { done(commands.indices.compactMap { outcomes[$0] }) }
            }
        }
    }
}

/// Tells `observer` of every change.
@LoopActor func observe(_ connection: RedisClient, _ observer: @escaping @Sendable (String?) -> Void) {
    connection.onChange = observer
}
