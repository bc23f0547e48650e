import Loop
import TestSupport
import Testing

@testable import Redis

@Suite(.startingProcesses) struct ClosingTests {
    @Test func waitsForTheRepliesInFlightAndTakesNoMore() async throws {
        let redis = try PrivateRedis()
        let connection = await RedisClient(to: redis.address, limits: limits(), gate: letThrough)
        await connection.start()
        try await until("it is usable") { await connection.isUsable }
        async let reply = connection.send(Command("BLPOP", "none", "2"))
        try await until("it is in flight") { await connection.counters.inFlight == 1 }

        async let closed: Void = connection.close()
        async let closedTwice: Void = connection.close()
        try await until("it closes") { await !connection.isUsable }
        #expect(await failure { try await connection.send(Command("PING")) } == .disconnected)
        #expect(await failure { try await connection.send(.reading("PING")) } == .disconnected)
        #expect(await connection.counters.inFlight == 1)
        #expect(try await reply.isNull)
        _ = await (closed, closedTwice)
        #expect(await connection.counters.inFlight == 0)
        guard case .text(let clients) = try redis.server.command("CLIENT", "LIST") else { return }
        #expect(clients.split(separator: "\n").count == 1)
    }

    @Test func waitsNoLongerThanTheTimeout() async throws {
        let redis = try PrivateRedis()
        let connection = await RedisClient(
            to: redis.address,
            limits: limits(commandTimeout: .milliseconds(300)),
            gate: letThrough
        )
        await connection.start()
        try await until("it is usable") { await connection.isUsable }
        redis.server.freeze()
        async let lost = failure { try await connection.send(Command("INCR", "n")) }
        try await until("it is in flight") { await connection.counters.inFlight == 1 }
        let start = ContinuousClock.now
        await connection.close()
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(await lost == .timedOut)
        redis.server.thaw()
    }

    @Test func endsAnAttemptToConnectAndThoseWhoWaitForIt() async throws {
        LoopThread.start()
        let directory = try ScratchDirectory()
        let address = RedisAddress(.unix(path: directory.file("redis.sock")))
        let connection = await RedisClient(to: address, limits: limits(), gate: letThrough)
        await connection.start()
        async let read = failure { try await connection.send(.reading("GET", "a")) }
        try await until("it waits") { await connection.counters.inFlight == 1 }
        await connection.close()
        #expect(await read == .disconnected)
        await connection.close()
    }

    @Test func endsTheGate() async throws {
        let redis = try PrivateRedis()
        let outcome = Protected<RedisError?>(nil)
        let connection = await RedisClient(to: redis.address, limits: limits()) { gate throws(RedisError) in
            do throws(RedisError) {
                _ = try await gate.send(Command("BLPOP", "none", "0"))
            } catch {
                outcome.withLock { $0 = error }
                throw error
            }
        }
        await connection.start()
        try await until("the gate waits") {
            guard case .text(let clients) = try redis.server.command("CLIENT", "LIST") else { return false }
            return clients.contains("cmd=blpop")
        }
        await connection.close()
        try await until("the gate has ended") { outcome.value == .connectionLost }
        #expect(await !connection.isUsable)
    }

    @Test func canBeStartedAgain() async throws {
        let redis = try PrivateRedis()
        let connection = await RedisClient(to: redis.address, limits: limits(), gate: letThrough)
        for round in 1...3 {
            await connection.start()
            await connection.start()
            try await until("it is usable") { await connection.isUsable }
            #expect(try await connection.send(Command("PING")).is("PONG"))
            await connection.close()
            #expect(await connection.counters.connections == round)
        }
    }

    @Test func isFreedOnceItIsClosed() async throws {
        let redis = try PrivateRedis()
        weak var freed: RedisClient?
        do {
            let connection = await RedisClient(to: redis.address, limits: limits(), gate: letThrough)
            await connection.start()
            try await until("it is usable") { await connection.isUsable }
            _ = try await connection.send(Command("PING"))
            await connection.close()
            freed = connection
        }
        try await until("it is gone") { freed == nil }
    }
}
