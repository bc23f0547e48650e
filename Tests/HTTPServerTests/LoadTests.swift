import HTTP
import HTTPServer
import Loop
import TestSupport
import Testing

/// Many clients, and too many.
@Suite(.waiting) struct LoadTests {
    /// Half of the requests are answered at once, half after others.
    @Test func eachOfTenThousandRequestsOver64ConnectionsGetsItsOwnAnswer() async throws {
        let count = Protected(0)
        let handler: @LoopActor (Request) async -> Response = { request in
            let number = count.withLock { count in
                count += 1
                return count
            }
            if number % 2 == 0 { await Timer.sleep(for: .microseconds(number % 7 * 300)) }
            return await echo(request)
        }
        try await withServer(handler: handler) { server in
            let answered = try await concurrently(64) { client in
                let connection = try server.connect()
                var answered = 0
                for number in 0..<(client < 16 ? 157 : 156) {
                    let path = "/\(client)/\(number)"
                    let call =
                        number % 3 == 0
                        ? Call("POST", path, text: String(repeating: "x", count: number)) : Call("GET", path)
                    let expected = "\(call.method) \(path) - \(call.body?.count ?? 0) fine"
                    if try connection.call(call).text == expected { answered += 1 }
                }
                return connection.hasLeftovers ? 0 : answered
            }
            #expect(answered.reduce(0, +) == 10_000)
            #expect(count.value == 10_000)
            try await server.untilAllAreGone()
        }
    }

    @Test func connectionsBeyondTheLimitWait() async throws {
        try await withServer(limits: { $0.connectionsMax = 4 }) { server in
            var connections = try (0..<4).map { _ in try server.connect() }
            for connection in connections { #expect(try connection.call(Call("GET", "/a")).status == 200) }
            let fifth = try server.connect()
            try fifth.send(Call("GET", "/fifth"))
            #expect(!fifth.wire.hasNews(within: .milliseconds(300)))
            #expect(await server.http.connectionCount == 4)
            for connection in connections { #expect(try connection.call(Call("GET", "/a")).status == 200) }
            connections.removeFirst().wire.cut()
            #expect(try fifth.receive().text == "GET /fifth - 0 fine")
        }
    }

    @Test func requestsBeyondTheLimitAreRefusedAsOverload() async throws {
        let gate = Gate()
        let handler: @LoopActor (Request) async -> Response = { request in
            if request.fault == nil { await gate.pass() }
            return await echo(request)
        }
        try await withServer(limits: { $0.requestsMax = 3 }, handler: handler) { server in
            let patient = try (0..<3).map { _ in try server.connect() }
            for (number, connection) in patient.enumerated() { try connection.send(Call("GET", "/\(number)")) }
            try await gate.hasStopped(3)
            let refused = try server.connect()
            for _ in 1...10 {
                let answer = try refused.call(Call("POST", "/", text: "12345"))
                #expect(answer.status == 503)
                #expect(answer.text == "POST / - 0 overloaded")
            }
            await gate.open()
            for (number, connection) in patient.enumerated() {
                #expect(try connection.receive().text == "GET /\(number) - 0 fine")
            }
            #expect(try refused.call(Call("POST", "/", text: "12345")).text == "POST / - 5 fine")
        }
    }
}
