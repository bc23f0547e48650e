import HTTP
import HTTPServer
import Loop
import TestSupport
import Testing

/// How a server ends: it finishes what is in progress and accepts nothing new.
@Suite(.waiting) struct DrainTests {
    @Test func isOverAtOnceIfNothingIsInProgress() async throws {
        try await withServer(limits: { $0.lingering = .seconds(60) }) { server in
            _ = try server.call(Call("GET", "/"))
            try await server.untilAllAreGone()
            #expect(await !server.http.isDraining)
            let start = ContinuousClock.now
            await server.http.drain(for: .seconds(60))
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(await server.http.isDraining)
            #expect(await server.http.connectionCount == 0)
        }
    }

    @Test func acceptsNoMoreConnections() async throws {
        let gate = Gate()
        try await withServer(handler: waiting(at: gate)) { server in
            let connection = try server.connect()
            try connection.send(Call("GET", "/"))
            try await gate.hasStopped(1)
            let drain = Task { await server.http.drain(for: .seconds(60)) }
            try await until("it refuses") { (try? server.connect()) == nil }
            await gate.open()
            #expect(try connection.receive().status == 200)
            await drain.value
        }
    }

    @Test func finishesTheRequestsInProgress() async throws {
        let gate = Gate()
        try await withServer(handler: waiting(at: gate)) { server in
            let connections = try (0..<10).map { _ in try server.connect() }
            for (number, connection) in connections.enumerated() { try connection.send(Call("GET", "/\(number)")) }
            try await gate.hasStopped(10)
            let drain = Task { await server.http.drain(for: .seconds(60)) }
            try await until("it drains") { await server.http.isDraining }
            pause(.milliseconds(100))
            await gate.open()
            for (number, connection) in connections.enumerated() {
                let answer = try connection.receive()
                #expect(answer.text == "GET /\(number) - 0 fine")
                #expect(answer["Connection"]?.lowercased() == "close")
                #expect(try connection.isClosedByServer())
            }
            await drain.value
        }
    }

    /// A proxy may be sending its next request on an idle connection; it must not find it closed.
    @Test func leavesIdleConnectionsOpenForAWhile() async throws {
        try await withServer(limits: { $0.lingering = .seconds(3) }) { server in
            let connections = try (0..<3).map { _ in try server.connect() }
            for connection in connections { #expect(try connection.call(Call("GET", "/a")).status == 200) }
            let start = ContinuousClock.now
            let drain = Task {
                await server.http.drain(for: .seconds(60))
                return ContinuousClock.now
            }
            try await until("it drains") { await server.http.isDraining }
            pause(.milliseconds(500))
            #expect(!connections[0].wire.hasNews())
            let answer = try connections[0].call(Call("GET", "/b"))
            #expect(answer.status == 200)
            #expect(answer["Connection"]?.lowercased() == "close")
            // The request has restarted the wait.
            pause(.seconds(1))
            #expect(!connections[1].wire.hasNews())
            #expect(try connections[1].isClosedByServer(within: .seconds(15)))
            let duration = await drain.value - start
            #expect((.milliseconds(3500)..<(.seconds(15))).contains(duration))
        }
    }

    @Test func waitsForARequestThatIsArriving() async throws {
        try await withServer { server in
            let connection = try server.connect()
            try connection.send(raw: "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12")
            try await until("it has connected") { await server.http.connectionCount == 1 }
            pause(.milliseconds(50))
            let drain = Task { await server.http.drain(for: .seconds(60)) }
            try await until("it drains") { await server.http.isDraining }
            pause(.milliseconds(300))
            try connection.send(raw: "345")
            let answer = try connection.receive()
            #expect(answer.text == "POST /a - 5 fine")
            #expect(answer["Connection"]?.lowercased() == "close")
            await drain.value
        }
    }

    @Test func waitsUntilAnAnswerHasBeenSent() async throws {
        let body = [UInt8](repeating: 120, count: 20_000_000)
        try await withServer(handler: { _ in Response(status: 200, body: body) }) { server in
            let connection = try server.connect()
            try connection.send(Call("GET", "/a"))
            #expect(connection.wire.hasNews(within: .seconds(10)))
            let drain = Task { await server.http.drain(for: .seconds(60)) }
            try await until("it drains") { await server.http.isDraining }
            pause(.milliseconds(300))
            #expect(try connection.receive().body.count == body.count)
            await drain.value
        }
    }

    @Test func givesUpAtItsLimit() async throws {
        let gate = Gate()
        try await withServer(handler: waiting(at: gate)) { server in
            let connection = try server.connect()
            try connection.send(Call("GET", "/"))
            try await gate.hasStopped(1)
            let start = ContinuousClock.now
            await server.http.drain(for: .milliseconds(300))
            #expect((.milliseconds(300)..<(.seconds(5))).contains(ContinuousClock.now - start))
            // The answer is late, but not lost.
            await gate.open()
            #expect(try connection.receive().status == 200)
        }
    }

    @Test func abandonsARequestThatDoesNotArrive() async throws {
        try await withServer { server in
            let connection = try server.connect()
            try connection.send(raw: "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12")
            try await until("it has connected") { await server.http.connectionCount == 1 }
            pause(.milliseconds(50))
            await server.http.drain(for: .milliseconds(300))
            #expect(try connection.isClosedByServer())
        }
    }

    /// libmicrohttpd has no room for the contents of these requests, gives them up, and does not report their end.
    @Test(arguments: [
        ("GET /?", "a&", " HTTP/1.1\r\nHost: x\r\n"),
        ("GET / HTTP/1.1\r\nHost: x\r\nCookie: ", "a;", "\r\n"),
        ("GET / HTTP/1.1\r\nCookie: ", "a;", "\r\n"),
        ("GET / HTTP/1.1\r\nHost: x\r\n", "X: y\r\n", ""),
    ])
    func doesNotWaitForRequestsThatWereGivenUp(start: String, part: String, end: String) async throws {
        try await withServer { server in
            let connection = try server.connect()
            try connection.send(raw: start + String(repeating: part, count: 5000) + end + "\r\n")
            _ = try? connection.receive()
            connection.wire.cut()
            try await server.untilAllAreGone()
            let start = ContinuousClock.now
            await server.http.drain(for: .seconds(10))
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }

    @Test func freesTheAddressForASuccessor() async throws {
        let address = try SocketAddress.freePort()
        for _ in 1...3 {
            try await withServer(at: address) { server in
                let answer = try server.call(Call("GET", "/"))
                #expect(answer.status == 200)
            }
        }
    }

    private func waiting(at gate: Gate) -> @LoopActor (Request) async -> Response {
        { request in
            await gate.pass()
            return await echo(request)
        }
    }
}
