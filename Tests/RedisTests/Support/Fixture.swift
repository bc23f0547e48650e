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

/// Short times, so that the tests end soon.
func limits(commandTimeout: Duration = .seconds(5), _ change: (inout RedisLimits) -> Void = { _ in }) -> RedisLimits {
    var limits = RedisLimits()
    limits.commandTimeout = commandTimeout
    limits.backOffMax = .milliseconds(50)
    change(&limits)
    return limits
}

/// Admits every Redis.
@LoopActor func admitAll(_ candidate: Candidate) async throws(RedisError) -> String? { nil }

/// Admits a Redis that answers.
@LoopActor func admitIfAlive(_ candidate: Candidate) async throws(RedisError) -> String? {
    _ = try await candidate.send(Command("PING"))
    return nil
}

/// Runs `body` with a usable client and closes it.
func withClient(
    to address: RedisAddress,
    limits: RedisLimits = limits(),
    admit: @escaping RedisClient.Admission = admitAll,
    _ body: (RedisClient) async throws -> Void
) async throws {
    let client = await RedisClient(to: address, limits: limits, admit: admit)
    await client.start()
    do {
        try await until("the client is usable") { await client.isUsable }
        try await body(client)
    } catch {
        await client.close()
        throw error
    }
    await client.close()
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

/// Sends commands as separate concurrent callers, all in one turn of the loop, and returns each outcome.
@LoopActor func sendSeparately(
    _ commands: [Command],
    on client: RedisClient
) async -> [Result<Reply, RedisError>] {
    let callers = Callers()
    return await withCheckedContinuation { continuation in
        callers.send(commands, on: client) { continuation.resume(returning: $0) }
    }
}

/// Concurrent callers, and the outcomes of their commands.
@LoopActor private final class Callers {
    private var outcomes: [Int: Result<Reply, RedisError>] = [:]

    func send(
        _ commands: [Command],
        on client: RedisClient,
        then done: @escaping @LoopActor ([Result<Reply, RedisError>]) -> Void
    ) {
        for (index, command) in commands.enumerated() {
            LoopActor.start { [self] in
                do throws(RedisError) {
                    outcomes[index] = .success(try await client.send(command))
                } catch {
                    outcomes[index] = .failure(error)
                }
                if outcomes.count == commands.count { done(commands.indices.compactMap { outcomes[$0] }) }
            }
        }
    }
}

/// Calls `observer` with every change.
@LoopActor func observe(_ client: RedisClient, _ observer: @escaping @Sendable (String?) -> Void) {
    client.onChange = observer
}
