import Glibc
import Loop
import TestSupport
import Testing

@testable import Redis

/// The way to a usable connection: socket, user, database, gate.
@Suite(.startingProcesses) struct ConnectingTests {
    /// Waits until the connection has said why it is not usable.
    private func problem(_ connection: RedisClient) async throws -> String {
        try await until("there is a problem") { await connection.lastProblem != nil }
        #expect(await !connection.isUsable)
        return await connection.lastProblem ?? ""
    }

    @Test func waitsForASocketThatIsNotThereYet() async throws {
        LoopThread.start()
        let directory = try ScratchDirectory()
        let address = RedisAddress(.unix(path: directory.file("redis.sock")))
        let connection = await RedisClient(to: address, limits: limits(), gate: letThrough)
        await connection.start()
        #expect(try await problem(connection).contains("No such file or directory"))
        #expect(await failure { try await connection.send(Command("PING")) } == .disconnected)

        let server = try RedisServer(in: directory, settings: ["save": ""])
        try await until("it is usable") { await connection.isUsable }
        #expect(await connection.lastProblem == nil)
        #expect(try await connection.send(Command("PING")).is("PONG"))
        await connection.close()
        server.stop()
    }

    @Test func tellsThatNobodyListens() async throws {
        LoopThread.start()
        guard case .port(let port) = try SocketAddress.freePort() else { return }
        let connection = await RedisClient(
            to: try RedisAddress(url: "redis://localhost:\(port)"),
            limits: limits(),
            gate: letThrough
        )
        await connection.start()
        #expect(try await problem(connection).contains("Connection refused"))
        await connection.close()
    }

    /// The kernel drops what asks to connect while the queue of a listener is full.
    @Test func givesUpAnAttemptThatTakesTooLong() async throws {
        LoopThread.start()
        let endpoint = try SocketAddress.freePort()
        guard case .port(let port) = endpoint else { return }
        let listener = try SocketAddress.listen(at: endpoint)
        defer { close(listener) }
        listen(listener, 0)
        let occupant = try Wire(to: endpoint)
        let limits = limits { $0.connectTimeout = .milliseconds(100) }
        let connection = await RedisClient(
            to: try RedisAddress(url: "redis://127.0.0.1:\(port)"),
            limits: limits,
            gate: letThrough
        )
        await connection.start()
        #expect(try await problem(connection) == "the connection could not be made in time")
        await connection.close()
        occupant.cut()
    }

    @Test func logsInAsTheUserItIsTold() async throws {
        let redis = try PrivateRedis()
        try redis.server.command("ACL", "SETUSER", "works", "on", ">p@ss word", "~*", "+@all")
        try redis.server.command("CONFIG", "SET", "requirepass", "default's")
        for (user, password, name) in [("works", "p@ss word", "works"), (nil, "default's", "default")] {
            let address = RedisAddress(redis.address.endpoint, user: user, password: password, database: 3)
            try await withConnection(to: address) { connection in
                #expect(try await connection.send(Command("ACL", "WHOAMI")).string == name)
                let client = try await connection.send(Command("CLIENT", "INFO")).string
                #expect(client?.contains(" db=3 ") == true)
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
        let connection = await RedisClient(to: address, limits: limits(), gate: letThrough)
        await connection.start()
        let problem = try await problem(connection)
        #expect(problem.contains(words))
        #expect(!problem.contains("right"))
        await connection.close()
    }

    @Test func isUsableOnceTheLoginIsRight() async throws {
        let redis = try PrivateRedis()
        let address = RedisAddress(redis.address.endpoint, user: "works", password: "secret")
        let connection = await RedisClient(to: address, limits: limits(), gate: letThrough)
        await connection.start()
        #expect(try await problem(connection).contains("WRONGPASS"))
        try redis.server.command("ACL", "SETUSER", "works", "on", ">secret", "~*", "+@all")
        try await until("it is usable") { await connection.isUsable }
        await connection.close()
    }

    @Test func isUsableOnlyWhenTheGateHasLetItThrough() async throws {
        let redis = try PrivateRedis()
        let seen = Protected<[String]>([])
        let connection = await RedisClient(to: redis.address, limits: limits()) { gate throws(RedisError) in
            let role = try await gate.send([Command("ROLE"), Command("GET", "marker")])
            seen.withLock { $0.append("\(role[0][0]) \(role[1])") }
            guard role[1].is("there") else {
                throw .rejected(.other("the marker is missing"))
            }
        }
        await connection.start()
        #expect(try await problem(connection).hasSuffix("the marker is missing"))
        try await until("it has tried three times") { seen.value.count >= 3 }
        #expect(await !connection.isUsable)
        #expect(await failure { try await connection.send(Command("PING")) } == .disconnected)

        try redis.server.command("SET", "marker", "there")
        try await until("it is usable") { await connection.isUsable }
        #expect(seen.value.last == "\"master\" \"there\"")
        #expect(await connection.counters.connections == 1)
        await connection.close()
    }

    @Test func leavesNoConnectionBehindThatTheGateRefused() async throws {
        let redis = try PrivateRedis()
        let attempts = Protected(0)
        let connection = await RedisClient(to: redis.address, limits: limits()) { _ throws(RedisError) in
            attempts.withLock { $0 += 1 }
            throw .rejected(.other("no"))
        }
        await connection.start()
        try await until("it has tried five times") { attempts.value >= 5 }
        await connection.close()
        try await until("only the asking client is there") {
            guard case .text(let clients) = try redis.server.command("CLIENT", "LIST") else { return false }
            return clients.split(separator: "\n").count == 1
        }
    }

    @Test func tellsOfEveryChange() async throws {
        let redis = try PrivateRedis()
        let changes = Protected<[String?]>([])
        let connection = await RedisClient(to: redis.address, limits: limits(), gate: letThrough)
        await observe(connection) { change in changes.withLock { $0.append(change) } }
        await connection.start()
        try await until("it is usable") { await connection.isUsable }
        redis.server.kill()
        try await until("it has noticed") { await !connection.isUsable }
        let first = changes.value
        #expect(first.first == .some(nil))
        #expect(first.dropFirst().first??.contains("lost the connection") == true)
        await connection.close()
    }
}
