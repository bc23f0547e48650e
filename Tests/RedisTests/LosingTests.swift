import Loop
import TestSupport
import Testing

@testable import Redis

/// What callers are told when a connection is lost, and what happens next.
@Suite(.waiting) struct LosingTests {
    @Test func reportsThatNothingWasSentWhileRedisIsDown() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address) { client in
            redis.server.kill()
            try await until("it has noticed") { await !client.isUsable }
            #expect(await failure { try await client.send(Command("INCR", "n")) } == .disconnected)
            #expect(
                await failure { try await client.send([Command("INCR", "n"), .reading("GET", "n")]) }
                    == .disconnected
            )
            #expect(await client.unusableReason != nil)
        }
    }

    @Test func isUsableAgainAfterARestart() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address) { client in
            for _ in 0..<3 {
                redis.server.kill()
                try await until("it has noticed") { await !client.isUsable }
                try redis.server.start()
                try await until("it is usable") { await client.isUsable }
                #expect(try await client.send(Command("SET", "a", "b")).is("OK"))
            }
            #expect(await client.counters.connections == 4)
        }
    }

    @Test func reportsUnknownOutcomesOfWritesInFlight() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address) { client in
            async let first = failure { try await client.send(Command("BLPOP", "none", "0")) }
            try await until("the first is in flight") { await client.counters.inFlight == 1 }
            async let second = failure { try await client.send([Command("INCR", "a"), Command("INCR", "b")]) }
            try await until("all are in flight") { await client.counters.inFlight == 3 }
            redis.server.kill()
            #expect(await [first, second] == [.connectionLost, .connectionLost])
            #expect(await client.counters.errors == [.connectionLost: 2])
            #expect(await client.counters.inFlight == 0)
        }
    }

    @Test func repeatsReadsOnTheNextConnection() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address) { client in
            async let inFlight = client.send(.reading("BLPOP", "list", "0"))
            async let pipeline = client.send([.reading("BLPOP", "list", "0"), .reading("ECHO", "a")])
            try await until("all are in flight") { await client.counters.inFlight == 3 }
            redis.server.kill()
            try await until("it has noticed") { await !client.isUsable }
            async let down = client.send(.reading("ECHO", "while down"))
            try await until("all wait") { await client.counters.inFlight == 4 }

            try redis.server.start()
            try await until("the reads have been repeated") {
                guard case .text(let clients) = try redis.server.command("CLIENT", "LIST") else { return false }
                return clients.contains("cmd=blpop")
            }
            try redis.server.command("RPUSH", "list", "1", "2")
            let reply = try await inFlight
            let replies = try await pipeline
            #expect(Set([reply[1].string, replies[0][1].string]) == ["1", "2"])
            #expect(replies[1].is("a"))
            #expect(try await down.is("while down"))
            #expect(await client.counters.retries == 3)
        }
    }

    @Test func repeatsReadsOnlyOnce() async throws {
        let requests = Protected(0)
        try await FakeServer.serving { peer in
            if !peer.receive().isEmpty { requests.withLock { $0 += 1 } }
        } _: { address in
            try await withClient(to: address) { client in
                #expect(await failure { try await client.send(.reading("GET", "a")) } == .connectionLost)
                #expect(requests.value == 2)
                #expect(await client.counters.retries == 1)
                try await until("it is usable") { await client.isUsable }
                #expect(await failure { try await client.send(Command("GET", "a")) } == .connectionLost)
                #expect(requests.value == 3)
            }
        }
    }

    @Test func boundsTheWaitOfReadsByTheTimeout() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address, limits: limits(commandTimeout: .milliseconds(300))) { client in
            redis.server.kill()
            try await until("it has noticed") { await !client.isUsable }
            let start = ContinuousClock.now
            #expect(await failure { try await client.send(.reading("GET", "a")) } == .disconnected)
            let waited = ContinuousClock.now - start
            #expect(waited >= .milliseconds(300))
            #expect(waited < .seconds(3))
            #expect(await client.counters.inFlight == 0)
        }
    }

    @Test func countsWaitingReadsAgainstTheBound() async throws {
        let redis = try PrivateRedis()
        let limits = limits(commandTimeout: .milliseconds(300)) { $0.commandsInFlightMax = 3 }
        try await withClient(to: redis.address, limits: limits) { client in
            redis.server.kill()
            try await until("it has noticed") { await !client.isUsable }
            let outcomes = await sendSeparately((0..<4).map { _ in .reading("GET", "a") }, on: client)
            let errors = outcomes.map { outcome -> RedisError? in
                guard case .failure(let error) = outcome else { return nil }
                return error
            }
            #expect(errors == [.disconnected, .disconnected, .disconnected, .overloaded])
        }
    }

    /// The large command fills the socket's buffers, so that its end and the last command cannot have been sent.
    @Test func distinguishesSentCommandsFromUnsentOnes() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address, limits: limits(commandTimeout: .seconds(20))) { client in
            redis.server.freeze()
            var large = Command("SET", "large")
            large.append([UInt8](repeating: 1, count: 4 << 20))
            let commands = [Command("SET", "small", "a"), large, Command("SET", "last", "b")]
            async let outcomes = sendSeparately(commands, on: client)
            try await until("all are in flight") { await client.counters.inFlight == 3 }
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
    func survivesAServerThatSendsNonsense(_ nonsense: String) async throws {
        try await FakeServer.serving { peer in
            if !peer.receive().isEmpty { peer.send(nonsense) }
            _ = peer.receive()
        } _: { address in
            try await withClient(to: address) { client in
                #expect(await failure { try await client.send(Command("GET", "a")) } == .connectionLost)
                try await until("it is usable") { await client.isUsable }
            }
        }
    }

    /// Without our reader, hiredis aborts the process on the first two.
    @Test(arguments: ["+HELLO\r\n", "*2\r\n:1\r\n:2\r\n", "-ERR max number of clients reached\r\n"])
    func survivesAServerThatSpeaksUnasked(_ greeting: String) async throws {
        let reasons = Protected<[String]>([])
        try await FakeServer.serving { peer in
            peer.send(greeting)
            _ = peer.receive()
        } _: { address in
            let client = await RedisClient(to: address, limits: limits(), admit: admitAll)
            await observe(client) { reason in
                if let reason { reasons.withLock { $0.append(reason) } }
            }
            await client.start()
            try await until("it has failed three times") { reasons.value.count >= 3 }
            await client.close()
        }
        let words = greeting.hasPrefix("-") ? "max number of clients" : "a reply to no command"
        #expect(reasons.value.allSatisfy { $0.contains(words) })
    }

    @Test func leavesARedisThatBecomesAReplica() async throws {
        let redis = try PrivateRedis()
        let admissions = Protected(0)
        try await withClient(
            to: redis.address,
            admit: { _ in
                admissions.withLock { $0 += 1 }
                return nil
            },
            { client in
                try redis.server.command("REPLICAOF", "127.0.0.1", "1")
                async let waiting = failure {
                    try await client.send(Command("XREAD", "BLOCK", "300", "STREAMS", "none", "$"))
                }
                try await until("it is in flight") { await client.counters.inFlight == 1 }
                #expect(await failure { try await client.send(Command("SET", "a", "b")) } == .rejected(.readOnly))
                try await until("there is a second candidate") { admissions.value == 2 }
                // The command in flight on the old connection still gets its reply.
                #expect(await waiting == nil)
            }
        )
    }
}
