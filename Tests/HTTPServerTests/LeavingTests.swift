import HTTP
import HTTPServer
import Loop
import TestSupport
import Testing

/// Clients that leave early.
@Suite(.waiting) struct LeavingTests {
    @Test(arguments: [
        "", "GE", "GET /a HTTP/1.1\r\n", "GET /a HTTP/1.1\r\nHost: x\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n123",
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123",
    ])
    func whileTheirRequestArrives(part: String) async throws {
        // libmicrohttpd may miss an end that arrives with the last bytes; then the arrival timeout ends the connection.
        try await withServer(limits: { $0.arrivalTimeout = .seconds(4) }) { server in
            for isReset in [false, true] {
                let connection = try server.connect()
                try connection.send(raw: part)
                try await until("it has connected") { await server.http.connectionCount > 0 }
                if isReset { connection.wire.resetsAtTheEnd() } else { connection.wire.cut() }
            }
            try await server.untilAllAreGone()
        }
    }

    @Test(arguments: [true, false]) func whileTheirRequestIsInProgress(isReset: Bool) async throws {
        let gate = Gate()
        let handler: @LoopActor (Request) async -> Response = { request in
            if request.path == "/slow" { await gate.pass() }
            return await echo(request)
        }
        try await withServer(handler: handler) { server in
            for number in 1...20 {
                let connection = try server.connect()
                try connection.send(Call("POST", "/slow", text: "12345"))
                try await gate.hasStopped(number)
                if isReset { connection.wire.resetsAtTheEnd() } else { connection.wire.cut() }
            }
            #expect(try server.call(Call("GET", "/other")).text == "GET /other - 0 fine")
            await gate.open()
            try await server.untilAllAreGone()
            #expect(try server.call(Call("GET", "/slow")).text == "GET /slow - 0 fine")
        }
    }

    @Test func withMoreRequestsPipelined() async throws {
        let gate = Gate()
        let handler: @LoopActor (Request) async -> Response = { request in
            await gate.pass()
            return await echo(request)
        }
        try await withServer(handler: handler) { server in
            let connection = try server.connect()
            for number in 0..<10 { try connection.send(Call("GET", "/\(number)")) }
            try await gate.hasStopped(1)
            connection.wire.cut()
            await gate.open()
            try await server.untilAllAreGone()
        }
    }

    @Test func inTheMiddleOfTheirAnswer() async throws {
        let handler: @LoopActor (Request) async -> Response = { _ in
            Response(status: 200, body: [UInt8](repeating: 120, count: 20_000_000))
        }
        try await withServer(handler: handler) { server in
            do {
                let connection = try server.connect()
                try connection.send(Call("GET", "/a"))
                _ = try connection.wire.receive()
            }
            try await server.untilAllAreGone()
        }
    }
}
