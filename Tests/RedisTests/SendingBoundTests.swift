import TestSupport
import Testing

@testable import Redis

/// Commands that are refused before they are sent.
@Suite(.waiting) struct SendingBoundTests {
    @Test func acceptsExactlyAsManyCommandsAsItsBound() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address, limits: limits { $0.commandsInFlightMax = 5 }) { client in
            let five = await sendSeparately((0..<5).map { Command("ECHO", String($0)) }, on: client)
            #expect(five.compactMap { try? $0.get().integer } == Array(0..<5))

            let six = await sendSeparately((0..<6).map { Command("ECHO", String($0)) }, on: client)
            #expect(six.compactMap { try? $0.get().integer } == Array(0..<5))
            guard case .failure(.overloaded) = six[5] else {
                Issue.record("\(six[5])")
                return
            }
            #expect(await client.counters.errors == [.overloaded: 1])
        }
    }

    @Test func acceptsAPipelineAsAWholeOrNotAtAll() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address, limits: limits { $0.commandsInFlightMax = 5 }) { client in
            let five = try await client.send((0..<5).map { Command("ECHO", String($0)) })
            #expect(five.count == 5)
            let six = [Command](repeating: Command("INCR", "n"), count: 6)
            let failed = await failure { try await client.send(six) }
            #expect(failed == .overloaded)
            #expect(try await client.send(Command("GET", "n")).isNull)
        }
    }

    @Test func refusesCommandsWhileTooMuchIsUnsent() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address, limits: limits { $0.unsentBytesMax = 1 << 20 }) { client in
            var large = Command("SET", "large")
            large.append([UInt8](repeating: 1, count: 1 << 19))
            // All in one round of jobs, hence before anything is sent: two exceed the bound, so the third is refused.
            let outcomes = await sendSeparately([large, large, large], on: client)
            #expect(outcomes.map { (try? $0.get().is("OK")) ?? false } == [true, true, false])
            guard case .failure(.overloaded) = outcomes[2] else {
                Issue.record("\(outcomes[2])")
                return
            }
            let later = try await client.send(large)
            #expect(later.is("OK"))
        }
    }

    @Test func sendsNothingBeforeItIsStarted() async throws {
        LoopThread.start()
        let client = await RedisClient(to: RedisAddress(.unix(path: "/nowhere")), admit: admitAll)
        #expect(await failure { try await client.send(Command("PING")) } == .disconnected)
        #expect(await failure { try await client.send(.reading("PING")) } == .disconnected)
        #expect(await client.unusableReason == nil)
        await client.close()
    }
}
