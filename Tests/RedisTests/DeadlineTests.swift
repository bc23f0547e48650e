import Loop
import TestSupport
import Testing

@testable import Redis

/// A Redis that accepts commands and does not answer.
@Suite(.waiting) struct DeadlineTests {
    @Test func timesOutAndReconnects() async throws {
        let redis = try PrivateRedis()
        let limits = limits(commandTimeout: .milliseconds(300))
        try await withClient(to: redis.address, limits: limits, admit: admitIfAlive) { client in
            redis.server.freeze()
            let start = ContinuousClock.now
            #expect(await failure { try await client.send(Command("INCR", "n")) } == .timedOut)
            let waited = ContinuousClock.now - start
            #expect(waited >= .milliseconds(300))
            #expect(waited < .seconds(2))
            #expect(await !client.isUsable)
            #expect(await client.unusableReason?.hasSuffix("Redis did not answer in time") == true)

            redis.server.thaw()
            // On a busy machine, the first answer may be late again.
            try await until("it answers, and did the command once") {
                (try? await client.send(Command("GET", "n")))?.is("1") == true
            }
        }
    }

    @Test func losesLaterCommandsWhenAnEarlierOneTimesOut() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address, limits: limits(commandTimeout: .seconds(3))) { client in
            redis.server.freeze()
            async let early = failure { try await client.send(Command("INCR", "n")) }
            try await until("it is in flight") { await client.counters.inFlight == 1 }
            // A busy machine may notice the first timeout late, but not by as much as this.
            await Timer.sleep(for: .seconds(2))
            async let late = failure { try await client.send(Command("INCR", "n")) }
            #expect(await [early, late] == [.timedOut, .connectionLost])
            #expect(await client.counters.errors == [.timedOut: 1, .connectionLost: 1])
        }
        redis.server.thaw()
    }

    @Test func watchesLaterCommandsToo() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address, limits: limits(commandTimeout: .milliseconds(300))) { client in
            // Answered commands leave the watchdog set; it must check those that came later.
            for _ in 0..<10 {
                _ = try await client.send(Command("PING"))
                await Timer.sleep(for: .milliseconds(50))
            }
            redis.server.freeze()
            let start = ContinuousClock.now
            #expect(await failure { try await client.send(Command("PING")) } == .timedOut)
            #expect(ContinuousClock.now - start >= .milliseconds(300))
        }
        redis.server.thaw()
    }

    @Test func doesNotCutOffAConnectionThatAnswersSlowly() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address, limits: limits(commandTimeout: .seconds(1))) { client in
            for _ in 0..<4 { _ = try await client.send(Command("BLPOP", "none", "0.4")) }
            #expect(await client.counters.connections == 1)
        }
    }

    /// The first connection is lost after a while; the second accepts the repeated read and does not answer.
    @Test func boundsARepeatedReadByItsFirstDeadline() async throws {
        let requests = Protected(0)
        try await FakeServer.serving { peer in
            guard !peer.receive().isEmpty else { return }
            let isFirst = requests.withLock { count in
                count += 1
                return count == 1
            }
            if isFirst { return pause(.milliseconds(1500)) }
            _ = peer.receive()
        } _: { address in
            try await withClient(to: address, limits: limits(commandTimeout: .seconds(2))) { client in
                let start = ContinuousClock.now
                #expect(await failure { try await client.send(.reading("GET", "a")) } == .timedOut)
                let waited = ContinuousClock.now - start
                #expect(waited >= .seconds(2))
                #expect(waited < .milliseconds(3300))
                #expect(requests.value == 2)
                // The connection is not given up, because its own timeout is not over.
                #expect(await client.isUsable)
            }
        }
    }

    @Test func givesUpOnAServerThatNeverAnswersTheLogin() async throws {
        try await FakeServer.serving { peer in
            while !peer.receive().isEmpty {}
        } _: { address in
            let address = RedisAddress(address.endpoint, password: "secret")
            let client = await RedisClient(
                to: address,
                limits: limits(commandTimeout: .milliseconds(100)),
                admit: admitAll
            )
            await client.start()
            try await until("there is a reason") { await client.unusableReason != nil }
            let reason = await client.unusableReason ?? ""
            #expect(reason.hasSuffix("Redis did not answer in time"))
            await client.close()
        }
    }
}
