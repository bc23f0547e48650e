import Loop
import TestSupport
import Testing

@testable import Redis

/// How a client ends.
@Suite(.waiting) struct ClosingTests {
    @Test func waitsForRepliesInFlightAndAcceptsNoMoreCommands() async throws {
        let redis = try PrivateRedis()
        let client = await RedisClient(to: redis.address, limits: limits(), admit: admitAll)
        await client.start()
        try await until("it is usable") { await client.isUsable }
        async let reply = client.send(Command("BLPOP", "none", "2"))
        try await until("it is in flight") { await client.counters.inFlight == 1 }

        async let closed: Void = client.close()
        async let closedTwice: Void = client.close()
        try await until("it closes") { await !client.isUsable }
        #expect(await failure { try await client.send(Command("PING")) } == .disconnected)
        #expect(await failure { try await client.send(.reading("PING")) } == .disconnected)
        #expect(await client.counters.inFlight == 1)
        #expect(try await reply.isNull)
        _ = await (closed, closedTwice)
        #expect(await client.counters.inFlight == 0)
        try await until("Redis has noticed that the connection is closed") {
            guard case .text(let clients) = try redis.server.command("CLIENT", "LIST") else { return false }
            return clients.split(separator: "\n").count == 1
        }
    }

    @Test func waitsNoLongerThanTheTimeout() async throws {
        let redis = try PrivateRedis()
        let client = await RedisClient(
            to: redis.address,
            limits: limits(commandTimeout: .milliseconds(300)),
            admit: admitAll
        )
        await client.start()
        try await until("it is usable") { await client.isUsable }
        redis.server.freeze()
        async let lost = failure { try await client.send(Command("INCR", "n")) }
        try await until("it is in flight") { await client.counters.inFlight == 1 }
        let start = ContinuousClock.now
        await client.close()
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(await lost == .timedOut)
        redis.server.thaw()
    }

    @Test func endsAnAttemptToConnectAndItsWaiters() async throws {
        LoopThread.start()
        let directory = try ScratchDirectory()
        let address = RedisAddress(.unix(path: directory.file("redis.sock")))
        let client = await RedisClient(to: address, limits: limits(), admit: admitAll)
        await client.start()
        async let read = failure { try await client.send(.reading("GET", "a")) }
        try await until("it waits") { await client.counters.inFlight == 1 }
        await client.close()
        #expect(await read == .disconnected)
        await client.close()
    }

    @Test func endsTheAdmission() async throws {
        let redis = try PrivateRedis()
        let outcome = Protected<RedisError?>(nil)
        let client = await RedisClient(to: redis.address, limits: limits()) { candidate throws(RedisError) in
            do throws(RedisError) {
                _ = try await candidate.send(Command("BLPOP", "none", "0"))
                return nil
            } catch {
                outcome.withLock { $0 = error }
                throw error
            }
        }
        await client.start()
        try await until("the admission waits") {
            guard case .text(let clients) = try redis.server.command("CLIENT", "LIST") else { return false }
            return clients.contains("cmd=blpop")
        }
        await client.close()
        try await until("the admission has ended") { outcome.value == .connectionLost }
        #expect(await !client.isUsable)
    }

    @Test func canBeStartedAgain() async throws {
        let redis = try PrivateRedis()
        let client = await RedisClient(to: redis.address, limits: limits(), admit: admitAll)
        for round in 1...3 {
            await client.start()
            await client.start()
            try await until("it is usable") { await client.isUsable }
            #expect(try await client.send(Command("PING")).is("PONG"))
            await client.close()
            #expect(await client.counters.connections == round)
        }
    }

    @Test func isFreedOnceItIsClosed() async throws {
        let redis = try PrivateRedis()
        weak var freed: RedisClient?
        do {
            let client = await RedisClient(to: redis.address, limits: limits(), admit: admitAll)
            await client.start()
            try await until("it is usable") { await client.isUsable }
            _ = try await client.send(Command("PING"))
            await client.close()
            freed = client
        }
        try await until("it is gone") { freed == nil }
    }
}
