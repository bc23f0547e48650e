import Loop
import TestSupport
import Testing

@testable import Redis

/// A Redis that takes commands and does not answer.
@Suite(.startingProcesses) struct DeadlineTests {
    @Test func tellsWhatGotNoReplyInTimeThatItsOutcomeIsUnknown() async throws {
        let redis = try PrivateRedis()
        let limits = limits(commandTimeout: .milliseconds(300))
        try await withConnection(to: redis.address, limits: limits, gate: ping) { connection in
            redis.server.freeze()
            let start = ContinuousClock.now
            #expect(await failure { try await connection.send(Command("INCR", "n")) } == .timedOut)
            let waited = ContinuousClock.now - start
            #expect(waited >= .milliseconds(300))
            #expect(waited < .seconds(2))
            #expect(await !connection.isUsable)
            #expect(await connection.lastProblem?.hasSuffix("Redis did not answer in time") == true)

            redis.server.thaw()
            try await until("it is usable") { await connection.isUsable }
            #expect(try await connection.send(Command("GET", "n")).is("1"))
        }
    }

    @Test func losesWhatHasTimeLeftWhenAnotherHasNone() async throws {
        let redis = try PrivateRedis()
        try await withConnection(to: redis.address, limits: limits(commandTimeout: .seconds(3))) { connection in
            redis.server.freeze()
            async let early = failure { try await connection.send(Command("INCR", "n")) }
            try await until("it is in flight") { await connection.counters.inFlight == 1 }
            // A busy machine may notice the first one's end late, but not by as much as this.
            await Timer.sleep(for: .seconds(2))
            async let late = failure { try await connection.send(Command("INCR", "n")) }
            #expect(await [early, late] == [.timedOut, .connectionLost])
            #expect(await connection.counters.errors == [.timedOut: 1, .connectionLost: 1])
        }
        redis.server.thaw()
    }

    @Test func watchesEveryCommandNotOnlyTheFirst() async throws {
        let redis = try PrivateRedis()
        try await withConnection(to: redis.address, limits: limits(commandTimeout: .milliseconds(300))) { connection in
            // Answered commands leave the watchdog set; it must look at those that came later.
            for _ in 0..<10 {
                _ = try await connection.send(Command("PING"))
                await Timer.sleep(for: .milliseconds(50))
            }
            redis.server.freeze()
            let start = ContinuousClock.now
            #expect(await failure { try await connection.send(Command("PING")) } == .timedOut)
            #expect(ContinuousClock.now - start >= .milliseconds(300))
        }
        redis.server.thaw()
    }

    @Test func doesNotCutOffAConnectionThatAnswersSlowly() async throws {
        let redis = try PrivateRedis()
        try await withConnection(to: redis.address, limits: limits(commandTimeout: .milliseconds(400))) { connection in
            for _ in 0..<4 { _ = try await connection.send(Command("BLPOP", "none", "0.2")) }
            #expect(await connection.counters.connections == 1)
        }
    }

    /// The read is lost after a while, waits for the next connection, and there meets silence.
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
            try await withConnection(to: address, limits: limits(commandTimeout: .seconds(2))) { connection in
                let start = ContinuousClock.now
                #expect(await failure { try await connection.send(.reading("GET", "a")) } == .timedOut)
                let waited = ContinuousClock.now - start
                #expect(waited >= .seconds(2))
                #expect(waited < .milliseconds(3300))
                #expect(requests.value == 2)
                // The silent connection is not given up for the short time that the read had left.
                #expect(await connection.isUsable)
            }
        }
    }

    @Test func givesUpAServerThatNeverAcceptsTheLogin() async throws {
        try await FakeServer.serving { peer in
            while !peer.receive().isEmpty {}
        } _: { address in
            let address = RedisAddress(address.endpoint, password: "secret")
            let connection = await RedisClient(
                to: address,
                limits: limits(commandTimeout: .milliseconds(100)),
                gate: letThrough
            )
            await connection.start()
            try await until("there is a problem") { await connection.lastProblem != nil }
            let problem = await connection.lastProblem ?? ""
            #expect(problem.hasSuffix("Redis did not answer in time"))
            await connection.close()
        }
    }
}
