import Loop
import TestSupport
import Testing

@testable import Redis

/// What callers are told, and what happens next, when a connection is lost.
@Suite(.startingProcesses) struct LosingTests {
    @Test func tellsWritesThatNothingWasSentWhileRedisIsDown() async throws {
        let redis = try PrivateRedis()
        try await withConnection(to: redis.address) { connection in
            redis.server.kill()
            try await until("it has noticed") { await !connection.isUsable }
            #expect(await failure { try await connection.send(Command("INCR", "n")) } == .disconnected)
            #expect(
                await failure { try await connection.send([Command("INCR", "n"), .reading("GET", "n")]) }
                    == .disconnected
            )
            #expect(await connection.lastProblem != nil)
        }
    }

    @Test func isUsableAgainAfterARestart() async throws {
        let redis = try PrivateRedis()
        try await withConnection(to: redis.address) { connection in
            for _ in 0..<3 {
                redis.server.kill()
                try await until("it has noticed") { await !connection.isUsable }
                try redis.server.start()
                try await until("it is usable") { await connection.isUsable }
                #expect(try await connection.send(Command("SET", "a", "b")).is("OK"))
            }
            #expect(await connection.counters.connections == 4)
        }
    }

    @Test func tellsWritesInFlightThatTheirOutcomeIsUnknown() async throws {
        let redis = try PrivateRedis()
        try await withConnection(to: redis.address) { connection in
            async let first = failure { try await connection.send(Command("BLPOP", "none", "0")) }
            try await until("the first is in flight") { await connection.counters.inFlight == 1 }
            async let second = failure { try await connection.send([Command("INCR", "a"), Command("INCR", "b")]) }
            try await until("all are in flight") { await connection.counters.inFlight == 3 }
            redis.server.kill()
            #expect(await [first, second] == [.connectionLost, .connectionLost])
            #expect(await connection.counters.errors == [.connectionLost: 2])
            #expect(await connection.counters.inFlight == 0)
        }
    }

    @Test func repeatsReadsOnTheNextConnection() async throws {
        let redis = try PrivateRedis()
        try await withConnection(to: redis.address) { connection in
            async let inFlight = connection.send(.reading("BLPOP", "list", "0"))
            async let pipeline = connection.send([.reading("BLPOP", "list", "0"), .reading("ECHO", "a")])
            try await until("all are in flight") { await connection.counters.inFlight == 3 }
            redis.server.kill()
            try await until("it has noticed") { await !connection.isUsable }
            async let down = connection.send(.reading("ECHO", "while down"))
            try await until("all wait") { await connection.counters.inFlight == 4 }

            try redis.server.start()
            try await until("the reads are there again") {
                guard case .text(let clients) = try redis.server.command("CLIENT", "LIST") else { return false }
                return clients.contains("cmd=blpop")
            }
            try redis.server.command("RPUSH", "list", "1", "2")
            let reply = try await inFlight
            let replies = try await pipeline
            #expect(Set([reply[1].string, replies[0][1].string]) == ["1", "2"])
            #expect(replies[1].is("a"))
            #expect(try await down.is("while down"))
            #expect(await connection.counters.retries == 3)
        }
    }

    @Test func repeatsReadsOnlyOnce() async throws {
        let requests = Protected(0)
        try await FakeServer.serving { peer in
            if !peer.receive().isEmpty { requests.withLock { $0 += 1 } }
        } _: { address in
            try await withConnection(to: address) { connection in
                #expect(await failure { try await connection.send(.reading("GET", "a")) } == .connectionLost)
                #expect(requests.value == 2)
                #expect(await connection.counters.retries == 1)
                try await until("it is usable") { await connection.isUsable }
                #expect(await failure { try await connection.send(Command("GET", "a")) } == .connectionLost)
                #expect(requests.value == 3)
            }
        }
    }

    @Test func letsReadsWaitNoLongerThanTheTimeout() async throws {
        let redis = try PrivateRedis()
        try await withConnection(to: redis.address, limits: limits(commandTimeout: .milliseconds(300))) { connection in
            redis.server.kill()
            try await until("it has noticed") { await !connection.isUsable }
            let start = ContinuousClock.now
            #expect(await failure { try await connection.send(.reading("GET", "a")) } == .disconnected)
            let waited = ContinuousClock.now - start
            #expect(waited >= .milliseconds(300))
            #expect(waited < .seconds(3))
            #expect(await connection.counters.inFlight == 0)
        }
    }

    @Test func countsWaitingReadsAgainstTheBound() async throws {
        let redis = try PrivateRedis()
        let limits = limits(commandTimeout: .milliseconds(300)) { $0.commandsInFlightMax = 3 }
        try await withConnection(to: redis.address, limits: limits) { connection in
            redis.server.kill()
            try await until("it has noticed") { await !connection.isUsable }
            let outcomes = await sendApart((0..<4).map { _ in .reading("GET", "a") }, on: connection)
            let errors = outcomes.map { outcome -> RedisError? in
                guard case .failure(let error) = outcome else { return nil }
                return error
            }
            #expect(errors == [.disconnected, .disconnected, .disconnected, .overloaded])
        }
    }

    /// The socket's buffers are full of the first command, so the second stays here and surely was not run.
    @Test func tellsApartWhatWasSentFromWhatWasNot() async throws {
        let redis = try PrivateRedis()
        try await withConnection(to: redis.address, limits: limits(commandTimeout: .seconds(20))) { connection in
            redis.server.freeze()
            var large = Command("SET", "large")
            large.append([UInt8](repeating: 1, count: 4 << 20))
            let commands = [Command("SET", "small", "a"), large, Command("SET", "last", "b")]
            async let outcomes = sendApart(commands, on: connection)
            try await until("all are in flight") { await connection.counters.inFlight == 3 }
            await Timer.sleep(for: .milliseconds(50))
            redis.server.kill()
            let errors = await outcomes.map { outcome -> RedisError? in
                guard case .failure(let error) = outcome else { return nil }
                return error
            }
            #expect(errors == [.connectionLost, .disconnected, .disconnected])
        }
    }

    @Test(arguments: ["!what\r\n", String(repeating: "*1\r\n", count: 9), ":x\r\n", "*99999999\r\n", "$-2\r\n"])
    func losesOnlyTheConnectionToAServerThatSpeaksNonsense(_ nonsense: String) async throws {
        try await FakeServer.serving { peer in
            if !peer.receive().isEmpty { peer.send(nonsense) }
            _ = peer.receive()
        } _: { address in
            try await withConnection(to: address) { connection in
                #expect(await failure { try await connection.send(Command("GET", "a")) } == .connectionLost)
                try await until("it is usable") { await connection.isUsable }
            }
        }
    }

    /// Without our reader, hiredis aborts the process on the first two.
    @Test(arguments: ["+HELLO\r\n", "*2\r\n:1\r\n:2\r\n", "-ERR max number of clients reached\r\n"])
    func losesOnlyTheConnectionToAServerThatSpeaksUnasked(_ greeting: String) async throws {
        let problems = Protected<[String]>([])
        try await FakeServer.serving { peer in
            peer.send(greeting)
            _ = peer.receive()
        } _: { address in
            let connection = await RedisClient(to: address, limits: limits(), gate: letThrough)
            await observe(connection) { problem in
                if let problem { problems.withLock { $0.append(problem) } }
            }
            await connection.start()
            try await until("it has failed three times") { problems.value.count >= 3 }
            await connection.close()
        }
        let words = greeting.hasPrefix("-") ? "max number of clients" : "a reply to no command"
        #expect(problems.value.allSatisfy { $0.contains(words) })
    }

    @Test func leavesAReplica() async throws {
        let redis = try PrivateRedis()
        let gates = Protected(0)
        try await withConnection(
            to: redis.address,
            gate: { _ throws(RedisError) in gates.withLock { $0 += 1 } },
            { connection in
                try redis.server.command("REPLICAOF", "127.0.0.1", "1")
                async let waiting = failure {
                    try await connection.send(Command("XREAD", "BLOCK", "300", "STREAMS", "none", "$"))
                }
                try await until("it is in flight") { await connection.counters.inFlight == 1 }
                #expect(await failure { try await connection.send(Command("SET", "a", "b")) } == .rejected(.readOnly))
                try await until("the gate has seen a new connection") { gates.value == 2 }
                // What was in flight on the old one still gets its reply.
                #expect(await waiting == nil)
            }
        )
    }
}
