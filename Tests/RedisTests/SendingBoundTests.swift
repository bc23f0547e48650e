import TestSupport
import Testing

@testable import Redis

/// What is refused before it is sent.
@Suite(.startingProcesses) struct SendingBoundTests {
    @Test func takesAsManyCommandsAsItsBoundAndNotOneMore() async throws {
        let redis = try PrivateRedis()
        try await withConnection(to: redis.address, limits: limits { $0.commandsInFlightMax = 5 }) { connection in
            let five = await sendApart((0..<5).map { Command("ECHO", String($0)) }, on: connection)
            #expect(five.compactMap { try? $0.get().integer } == Array(0..<5))

            let six = await sendApart((0..<6).map { Command("ECHO", String($0)) }, on: connection)
            #expect(six.compactMap { try? $0.get().integer } == Array(0..<5))
            guard case .failure(.overloaded) = six[5] else {
                Issue.record("\(six[5])")
                return
            }
            #expect(await connection.counters.errors == [.overloaded: 1])
        }
    }

    @Test func takesAPipelineAsAWholeOrNotAtAll() async throws {
        let redis = try PrivateRedis()
        try await withConnection(to: redis.address, limits: limits { $0.commandsInFlightMax = 5 }) { connection in
            let five = try await connection.send((0..<5).map { Command("ECHO", String($0)) })
            #expect(five.count == 5)
            let six = [Command](repeating: Command("INCR", "n"), count: 6)
            let failed = await failure { try await connection.send(six) }
            #expect(failed == .overloaded)
            #expect(try await connection.send(Command("GET", "n")).isNull)
        }
    }

    @Test func takesNoMoreWhenTooMuchIsUnsent() async throws {
        let redis = try PrivateRedis()
        try await withConnection(to: redis.address, limits: limits { $0.unsentBytesMax = 1 << 20 }) { connection in
            var large = Command("SET", "large")
            large.append([UInt8](repeating: 1, count: 1 << 19))
            // All of one round of jobs, hence before anything is sent: two of them go beyond the bound, which the third finds.
            let outcomes = await sendApart([large, large, large], on: connection)
            #expect(outcomes.map { (try? $0.get().is("OK")) ?? false } == [true, true, false])
            guard case .failure(.overloaded) = outcomes[2] else {
                Issue.record("\(outcomes[2])")
                return
            }
            let later = try await connection.send(large)
            #expect(later.is("OK"))
        }
    }

    @Test func sendsNothingBeforeItIsStarted() async throws {
        LoopThread.start()
        let connection = await RedisClient(to: RedisAddress(.unix(path: "/nowhere")), gate: letThrough)
        #expect(await failure { try await connection.send(Command("PING")) } == .disconnected)
        #expect(await failure { try await connection.send(.reading("PING")) } == .disconnected)
        #expect(await connection.lastProblem == nil)
        await connection.close()
    }
}
