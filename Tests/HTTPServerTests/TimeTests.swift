import HTTP
import HTTPServer
import Loop
import TestSupport
import Testing

/// Requests and clients that are slow.
@Suite(.waiting) struct TimeTests {
    @Test(arguments: [
        "", "GET", "GET /a HTTP/1.1\r\n", "GET /a HTTP/1.1\r\nHost: x\r\nX-A",
        "GET /a HTTP/1.1\r\nHost: x\r\nX-A: b\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n1234",
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\nX-Trailer: 1\r\n",
    ])
    func aRequestThatStopsArrivingIsAnsweredAndCutOff(part: String) async throws {
        try await withServer(limits: { $0.arrivalTimeout = .seconds(1) }) { server in
            let start = ContinuousClock.now
            let connection = try server.connect()
            try connection.send(raw: part)
            try expectLate(connection, part)
            #expect((.seconds(1)..<(.seconds(4))).contains(ContinuousClock.now - start))
            try await server.untilAllAreGone()
        }
    }

    /// Each byte shows that the client is alive, but the timeout covers the whole request.
    @Test(arguments: ["GET /a HTTP/1.1\r\nX-A: ", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"])
    func aRequestThatTricklesInIsAnsweredAndCutOff(head: String) async throws {
        try await withServer(limits: { $0.arrivalTimeout = .seconds(1) }) { server in
            let connection = try server.connect()
            try connection.send(raw: head)
            for _ in 0..<100 where !connection.wire.hasNews(within: .milliseconds(50)) { try connection.send(raw: "x") }
            try expectLate(connection, head)
        }
    }

    @Test(arguments: [
        "GET /b HTTP/1.1\r\n", "GET /b HTTP/1.1\r\nHost: x\r\n",
        "PATCH /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{",
    ])
    func soIsASecondRequestOnAConnection(part: String) async throws {
        try await withServer(limits: { $0.arrivalTimeout = .seconds(1) }) { server in
            let connection = try server.connect()
            #expect(try connection.call(Call("GET", "/a")).status == 200)
            try connection.send(raw: part)
            try expectLate(connection, part)
        }
    }

    @Test func theTimeForTheAnswerDoesNotCount() async throws {
        let handler: @LoopActor (Request) async -> Response = { request in
            await Timer.sleep(for: .seconds(3))
            return await echo(request)
        }
        try await withServer(limits: { $0.arrivalTimeout = .seconds(1) }, handler: handler) { server in
            let connection = try server.connect()
            #expect(try connection.call(Call("POST", "/a", text: "12345")).text == "POST /a - 5 fine")
        }
    }

    @Test func theTimeBetweenRequestsDoesNotCount() async throws {
        try await withServer(limits: { $0.arrivalTimeout = .seconds(1) }) { server in
            let connection = try server.connect()
            #expect(try connection.call(Call("POST", "/a", text: "12345")).status == 200)
            pause(.seconds(3))
            #expect(try connection.call(Call("GET", "/b")).status == 200)
        }
    }

    @Test func idleConnectionsAreClosed() async throws {
        try await withServer(limits: { $0.idleTimeout = .seconds(1) }) { server in
            let connection = try server.connect()
            #expect(try connection.call(Call("GET", "/a")).status == 200)
            let start = ContinuousClock.now
            #expect(try connection.isClosedByServer(within: .seconds(10)))
            #expect(ContinuousClock.now - start > .milliseconds(900))
            try await server.untilAllAreGone()
        }
    }

    @Test func aClientThatDoesNotReadItsAnswerIsCutOff() async throws {
        let handler: @LoopActor (Request) async -> Response = { _ in
            Response(status: 200, body: [UInt8](repeating: 120, count: 20_000_000))
        }
        try await withServer(limits: { $0.idleTimeout = .seconds(1) }, handler: handler) { server in
            let connection = try server.connect()
            try connection.send(Call("GET", "/a"))
            try await until("it has connected") { await server.http.connectionCount == 1 }
            try await server.untilAllAreGone()
        }
    }

    /// Expects the timeout answer, which names the request's path if its header has arrived.
    private func expectLate(_ connection: HTTPConnection, _ part: String) throws {
        let path = part.contains("\r\n\r\n") ? " " + part.split(separator: " ")[1] : ""
        let answer = try connection.receive()
        #expect(answer.status == 408)
        #expect(answer["Connection"] == "close")
        #expect(answer["Content-Type"] == "text/plain")
        #expect(answer.text == "late" + path)
        #expect(try connection.isClosedByServer())
    }
}
