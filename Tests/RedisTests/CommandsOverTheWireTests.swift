import Loop
import TestSupport
import Testing

@testable import Redis

/// Commands and replies, with a healthy Redis.
@Suite(.sharingAStack) struct CommandsOverTheWireTests {
    @Test func readsWhatItWrote() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address) { client in
            #expect(try await client.send(Command("PING")).is("PONG"))
            var command = Command("HSET", "w")
            for field in 0..<13 {
                command.append("field \(field)")
                command.append("值 \(field)")
            }
            #expect(try await client.send(command).integer == 13)
            let hash = try await client.send(.reading("HGETALL", "w"))
            #expect(hash.count == 26)
            for field in 0..<13 {
                #expect(hash[2 * field].string == "field \(field)")
                #expect(hash[2 * field + 1].string == "值 \(field)")
            }
            #expect(try await client.send(Command("GET", "nothing")).isNull)
            #expect(try await client.send(Command("HGETALL", "nothing")).count == 0)
        }
    }

    @Test func readsFieldsInTheWantedOrder() async throws {
        let redis = try PrivateRedis()
        let fields = HashFields(["name", "version", "nothing", "user"])
        try await withClient(to: redis.address) { client in
            for key in ["short", "long"] {
                var command = Command(
                    "HSET",
                    key,
                    "user",
                    "ann",
                    "other",
                    "x",
                    "name",
                    "",
                    "version",
                    "7",
                    "name2",
                    "y"
                )
                // A hash too large for a listpack has no order.
                if key == "long" { for field in 0..<600 { for _ in 0..<2 { command.append("field \(field)") } } }
                _ = try await client.send(command)
                let values = try await client.send(.reading(fields, of: key))
                #expect(values.description == #"["", "7", null, "ann"]"#)
                #expect(values.integer(at: 1) == 7 && values.integer(at: 3) == nil && values.integer(at: 4) == nil)
                #expect(values.is("ann", at: 3) && !values.is("an", at: 3) && !values.isText(at: 2))
                #expect(values.withBytes(at: 3) { $0.count } == 3 && values.withBytes(at: 2) { $0.isEmpty })
            }
            let replies = try await client.send([.reading(fields, of: "absent"), Command("GET", "absent")])
            #expect(replies.map(\.description) == ["[null, null, null, null]", "null"])
            _ = try await client.send(Command("SET", "text", "a"))
            let error = await failure { try await client.send(.reading(fields, of: "text")) }
            #expect(error == .rejected(.misconfigured(Self.wrongType)))
        }
    }

    @Test func carriesLargeValuesOfAnyBytes() async throws {
        let redis = try PrivateRedis()
        let value = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await withClient(to: redis.address, limits: limits(commandTimeout: .seconds(20))) { client in
            var command = Command("SET", "large")
            command.append(value)
            #expect(try await client.send(command).is("OK"))
            #expect(try await client.send(Command("GET", "large")).bytes == value[...])
            let replies = try await client.send((0..<4).map { _ in Command("GET", "large") })
            #expect(replies.allSatisfy { $0.bytes == value[...] })
        }
    }

    @Test func answersAPipelineInOrder() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address) { client in
            let replies = try await client.send((0..<1000).map { Command("ECHO", String($0)) })
            #expect(replies.map(\.integer) == Array(0..<1000))
            #expect(try await client.send([]).isEmpty)
        }
    }

    @Test func keepsTenThousandCallersApart() async throws {
        let redis = try PrivateRedis()
        let limits = limits(commandTimeout: .seconds(20)) { $0.commandsInFlightMax = 10_000 }
        try await withClient(to: redis.address, limits: limits) { client in
            let outcomes = await sendSeparately((0..<10_000).map { Command("ECHO", String($0)) }, on: client)
            #expect(outcomes.compactMap { try? $0.get().integer } == Array(0..<10_000))
            let counters = await client.counters
            #expect(counters.commands == 10_000)
            #expect(counters.inFlight == 0)
            #expect(counters.errors.isEmpty)
        }
    }

    @Test func sendsTheCommandsOfATurnTogether() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address) { client in
            _ = try await client.send(Command("PING"))
            let before = await client.counters.roundTrips
            _ = await sendSeparately((0..<100).map { Command("ECHO", String($0)) }, on: client)
            #expect(await client.counters.roundTrips == before + 1)
        }
    }

    @Test func flushesWithinATurnOnlyForAnIdleRedis() async throws {
        // In a process of its own, because other work on the loop could cut a turn short.
        await #expect(processExitsWith: .success) {
            let redis = try PrivateRedis()
            try await withClient(to: redis.address) { try await sendingInSeveralRounds(on: $0) }
        }
    }

    @Test func resumesSomeCallersBeforeItReadsAllReplies() async throws {
        await #expect(processExitsWith: .success) {
            let redis = try PrivateRedis()
            try await withClient(to: redis.address) { try await receivingInSeveralTurns(on: $0) }
        }
    }

    private static let wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value"

    @Test func throwsErrorReplies() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address) { client in
            _ = try await client.send(Command("SET", "text", "a"))
            #expect(
                await failure { try await client.send(Command("HGETALL", "text")) }
                    == .rejected(.misconfigured(Self.wrongType))
            )
            #expect(
                await failure { try await client.send(Command("FCALL", "none", "0")) }
                    == .rejected(.functionMissing)
            )
            let unknown = await failure { try await client.send(Command("NONSENSE")) }
            guard case .rejected(.other(let sentence)) = unknown else {
                Issue.record("\(String(describing: unknown))")
                return
            }
            #expect(sentence.hasPrefix("ERR unknown command"))
            let counters = await client.counters
            #expect(counters.errors == [.misconfigured: 1, .functionMissing: 1, .other: 1])
            #expect(await client.isUsable)
        }
    }

    @Test func throwsTheFirstErrorOfAPipelineAfterRunningAllOfIt() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address) { client in
            let commands = [
                Command("SET", "text", "a"), Command("HGETALL", "text"), Command("NONSENSE"),
                Command("SET", "last", "b"),
            ]
            let failed = await failure { try await client.send(commands) }
            #expect(failed == .rejected(.misconfigured(Self.wrongType)))
            let last = try await client.send(Command("GET", "last"))
            #expect(last.is("b"))
        }
    }

    @Test func returnsErrorsInsideArrays() async throws {
        let redis = try PrivateRedis()
        try await withClient(to: redis.address) { client in
            _ = try await client.send(Command("SET", "text", "a"))
            let commands = [Command("MULTI"), Command("GET", "text"), Command("HGETALL", "text"), Command("EXEC")]
            let replies = try await client.send(commands)
            #expect(replies[3][0].is("a"))
            #expect(replies[3][1].rejection == .misconfigured(Self.wrongType))
        }
    }

    @Test func worksOverTCP() async throws {
        guard case .port(let port) = try SocketAddress.freePort() else { return }
        let redis = try PrivateRedis(settings: ["port": String(port), "bind": "127.0.0.1"])
        try await withClient(to: try RedisAddress(url: "redis://localhost:\(port)/5")) { client in
            let answer = try await client.send(Command("SET", "here", "a"))
            #expect(answer.is("OK"))
        }
        #expect(try redis.server.command("DBSIZE") == .integer(0))
    }
}

/// Sends a command in each round of one turn but the first, and checks how many writes there were.
@LoopActor private func sendingInSeveralRounds(on client: RedisClient) async throws {
    _ = try await client.send(Command("PING"))
    let before = client.counters.roundTrips
    var writes: [Int] = []
    var answered = 0
    let hook = LoopActor.loop.afterJobs {
        guard writes.count < 4 else { return false }
        writes.append(client.counters.roundTrips - before)
        if writes.count == 4 { return false }
        LoopActor.start { if (try? await client.send(Command("PING"))) != nil { answered += 1 } }
        return true
    }
    try await until("all are answered") { answered == 3 }
    hook.remove()
    // The first leaves after its round, the other two together at the end of the turn.
    try #require(writes == [0, 0, 1, 1])
    try #require(client.counters.roundTrips == before + 2)
}

/// Lets the replies to 600 commands, 64 KiB in all, arrive before the second turn.
@LoopActor private func receivingInSeveralTurns(on client: RedisClient) async throws {
    var answered = 0
    var seen = 0
    var turns: [Int] = []
    let hook = LoopActor.loop.afterRound { isLast in
        guard isLast, answered > seen else { return }
        turns.append(answered - seen)
        seen = answered
    }
    let command = Command("ECHO", String(repeating: "a", count: 100))
    for _ in 0..<600 {
        LoopActor.start { if (try? await client.send(command)) != nil { answered += 1 } }
    }
    Timer(after: .zero) { pause(.milliseconds(200)) }
    try await until("all are answered") { answered == 600 }
    hook.remove()
    // 16 KiB hold the replies to 150.
    try #require(turns.allSatisfy { $0 < 200 })
}
