import Glibc
import Loop
import TestSupport
import Testing

@testable import Redis

/// The steps to a usable connection: socket, user, database, admission.
@Suite(.waiting) struct ConnectingTests {
    /// Waits until the client says why it is not usable.
    private func unusableReason(of client: RedisClient) async throws -> String {
        try await until("there is a reason") { await client.unusableReason != nil }
        #expect(await !client.isUsable)
        return await client.unusableReason ?? ""
    }

    @Test func waitsForASocketThatDoesNotExistYet() async throws {
        LoopThread.start()
        let directory = try ScratchDirectory()
        let address = RedisAddress(.unix(path: directory.file("redis.sock")))
        let client = await RedisClient(to: address, limits: limits(), admit: admitAll)
        await client.start()
        #expect(try await unusableReason(of: client).contains("No such file or directory"))
        #expect(await failure { try await client.send(Command("PING")) } == .disconnected)

        let server = try RedisServer(in: directory, settings: ["save": ""])
        try await until("it is usable") { await client.isUsable }
        #expect(await client.unusableReason == nil)
        #expect(try await client.send(Command("PING")).is("PONG"))
        await client.close()
        server.stop()
    }

    @Test func reportsThatNobodyListens() async throws {
        LoopThread.start()
        guard case .port(let port) = try SocketAddress.freePort() else { return }
        let client = await RedisClient(
            to: try RedisAddress(url: "redis://localhost:\(port)"),
            limits: limits(),
            admit: admitAll
        )
        await client.start()
        #expect(try await unusableReason(of: client).contains("Connection refused"))
        await client.close()
    }

    /// The kernel drops attempts to connect while a listener's queue is full.
    @Test func givesUpAnAttemptThatTakesTooLong() async throws {
        LoopThread.start()
        let endpoint = try SocketAddress.freePort()
        guard case .port(let port) = endpoint else { return }
        let listener = try SocketAddress.listen(at: endpoint)
        defer { close(listener) }
        listen(listener, 0)
        let occupant = try Wire(to: endpoint)
        let limits = limits { $0.connectTimeout = .milliseconds(100) }
        let client = await RedisClient(
            to: try RedisAddress(url: "redis://127.0.0.1:\(port)"),
            limits: limits,
            admit: admitAll
        )
        await client.start()
        #expect(try await unusableReason(of: client) == "the connection could not be made in time")
        await client.close()
        occupant.cut()
    }

    @Test func logsInAsTheGivenUser() async throws {
        let redis = try PrivateRedis()
        try redis.server.command("ACL", "SETUSER", "works", "on", ">p@ss word", "~*", "+@all")
        try redis.server.command("CONFIG", "SET", "requirepass", "default's")
        for (user, password, name) in [("works", "p@ss word", "works"), (nil, "default's", "default")] {
            let address = RedisAddress(redis.address.endpoint, user: user, password: password, database: 3)
            try await withClient(to: address) { client in
                #expect(try await client.send(Command("ACL", "WHOAMI")).string == name)
                let info = try await client.send(Command("CLIENT", "INFO")).string
                #expect(info?.contains(" db=3 ") == true)
            }
        }
    }

    @Test(
        arguments: [
            (nil, "wrong", 0, "WRONGPASS"), ("works", nil, 0, "WRONGPASS"), ("nobody", "right", 0, "WRONGPASS"),
            (nil, nil, 1, "NOAUTH"), (nil, "right", 99, "ERR DB index is out of range"),
        ] as [(String?, String?, Int, String)]
    )
    func isNotUsableWithTheWrongLogin(_ user: String?, _ password: String?, _ database: Int, _ words: String)
        async throws
    {
        let redis = try PrivateRedis()
        try redis.server.command("CONFIG", "SET", "requirepass", "right")
        let address = RedisAddress(redis.address.endpoint, user: user, password: password, database: database)
        let client = await RedisClient(to: address, limits: limits(), admit: admitAll)
        await client.start()
        let reason = try await unusableReason(of: client)
        #expect(reason.contains(words))
        #expect(!reason.contains("right"))
        await client.close()
    }

    /// A Redis whose AUTH has been renamed repeats the words of the command, cut off after some of them.
    @Test(arguments: ["'works' 's3cret' ", "'works' 's3cr"]) func doesNotRepeatThePasswordThatRedisRepeats(
        _ words: String
    )
        async throws
    {
        let reply = "-ERR unknown command 'AUTH', with args beginning with: \(words)\r\n"
        try await FakeServer.serving({ peer in
            while !peer.receive().isEmpty { peer.send(reply) }
        }) { address in
            let address = RedisAddress(address.endpoint, user: "works", password: "s3cret")
            let client = await RedisClient(to: address, limits: limits(), admit: admitAll)
            await client.start()
            let reason = try await unusableReason(of: client)
            #expect(
                reason.hasSuffix(" is not usable: Redis refused a command: ERR unknown command 'AUTH'"),
                "\(reason)"
            )
            await client.close()
        }
    }

    @Test func isUsableOnceTheLoginIsRight() async throws {
        let redis = try PrivateRedis()
        let address = RedisAddress(redis.address.endpoint, user: "works", password: "secret")
        let client = await RedisClient(to: address, limits: limits(), admit: admitAll)
        await client.start()
        #expect(try await unusableReason(of: client).contains("WRONGPASS"))
        try redis.server.command("ACL", "SETUSER", "works", "on", ">secret", "~*", "+@all")
        try await until("it is usable") { await client.isUsable }
        await client.close()
    }

    @Test func isUsableOnlyOnceItIsAdmitted() async throws {
        let redis = try PrivateRedis()
        let seen = Protected<[String]>([])
        let client = await RedisClient(to: redis.address, limits: limits()) { candidate throws(RedisError) in
            let role = try await candidate.send([Command("ROLE"), Command("GET", "marker")])
            seen.withLock { $0.append("\(role[0][0]) \(role[1])") }
            return role[1].is("there") ? nil : "the marker is missing"
        }
        await client.start()
        #expect(try await unusableReason(of: client) == "\(redis.address) is not usable: the marker is missing")
        try await until("it has tried three times") { seen.value.count >= 3 }
        #expect(await !client.isUsable)
        #expect(await failure { try await client.send(Command("PING")) } == .disconnected)

        try redis.server.command("SET", "marker", "there")
        try await until("it is usable") { await client.isUsable }
        #expect(seen.value.last == "\"master\" \"there\"")
        #expect(await client.counters.connections == 1)
        await client.close()
    }

    @Test func leavesNoConnectionOpenThatWasTurnedAway() async throws {
        let redis = try PrivateRedis()
        let attempts = Protected(0)
        let client = await RedisClient(to: redis.address, limits: limits()) { _ in
            attempts.withLock { $0 += 1 }
            return "no"
        }
        await client.start()
        try await until("it has tried five times") { attempts.value >= 5 }
        await client.close()
        try await until("only the asking client is connected") {
            guard case .text(let clients) = try redis.server.command("CLIENT", "LIST") else { return false }
            return clients.split(separator: "\n").count == 1
        }
    }

    @Test func reportsEveryChange() async throws {
        let redis = try PrivateRedis()
        let changes = Protected<[String?]>([])
        let client = await RedisClient(to: redis.address, limits: limits(), admit: admitAll)
        await observe(client) { change in changes.withLock { $0.append(change) } }
        await client.start()
        try await until("it is usable") { await client.isUsable }
        redis.server.kill()
        try await until("it has noticed") { await !client.isUsable }
        let first = changes.value
        #expect(first.first == .some(nil))
        #expect(first.dropFirst().first??.contains("lost the connection") == true)
        await client.close()
    }
}
