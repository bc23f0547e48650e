import HTTP
import HTTPServer
import Loop
import TestSupport
import Testing

/// What one connection can carry.
@Suite(.waiting) struct ConnectionTests {
    @Test func carriesOneRequestAfterAnother() async throws {
        try await withServer { server in
            let connection = try server.connect()
            for number in 1...50 {
                let answer = try connection.call(Call("GET", "/\(number)?q=\(number)"))
                #expect(answer.status == 200)
                #expect(answer.text == "GET /\(number) q=\(number) 0 fine")
                #expect(answer["Content-Length"] == String(answer.body.count))
                #expect(answer["Connection"] == nil)
                #expect(answer["Date"] != nil)
            }
            #expect(await server.http.connectionCount == 1)
        }
    }

    @Test func answersPipelinedRequestsInOrder() async throws {
        let handler: @LoopActor (Request) async -> Response = { request in
            // The first requests take longest, but their answers must still be sent first.
            await Timer.sleep(for: .milliseconds(max(0, 20 - request.path.utf8.count)))
            return await echo(request)
        }
        try await withServer(handler: handler) { server in
            let connection = try server.connect()
            var bytes: [UInt8] = []
            for number in 0..<100 {
                let path = "/" + String(repeating: "x", count: number)
                bytes +=
                    number % 3 == 0
                    ? Call("POST", path, text: "body \(number)").bytes
                    : Call(number % 3 == 1 ? "GET" : "DELETE", path).bytes
            }
            try connection.wire.send(bytes)
            for number in 0..<100 {
                let path = "/" + String(repeating: "x", count: number)
                let method = ["POST", "GET", "DELETE"][number % 3]
                let bodyCount = number % 3 == 0 ? "body \(number)".utf8.count : 0
                #expect(try connection.receive().text == "\(method) \(path) - \(bodyCount) fine")
            }
            #expect(!connection.hasLeftovers)
        }
    }

    @Test func toleratesAnEmptyLineBeforeARequest() async throws {
        try await withServer { server in
            let connection = try server.connect()
            try connection.send(raw: "\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try connection.receive().text == "GET /a - 0 fine")
            #expect(try connection.receive().text == "GET /b - 0 fine")
        }
    }

    @Test func endsIfTheClientAsksForIt() async throws {
        try await withServer { server in
            let connection = try server.connect()
            let answer = try connection.call(Call("GET", "/", headers: ["Connection": "close"]))
            #expect(answer.status == 200)
            #expect(answer["Connection"]?.lowercased() == "close")
            #expect(try connection.isClosedByServer())
        }
    }

    @Test func endsIfTheAnswerSaysSo() async throws {
        try await withServer(handler: { _ in Response(status: 200, body: [65], closes: true) }) { server in
            let connection = try server.connect()
            let answer = try connection.call(Call("GET", "/"))
            #expect(answer.text == "A")
            #expect(answer.all("Connection").map { $0.lowercased() } == ["close"])
            #expect(try connection.isClosedByServer())
        }
    }

    @Test func endsAfterARequestOfHTTP10() async throws {
        try await withServer { server in
            let connection = try server.connect()
            try connection.send(raw: "GET /a HTTP/1.0\r\n\r\n")
            #expect(try connection.receive().text == "GET /a - 0 fine")
            #expect(try connection.isClosedByServer())
        }
    }

    @Test func staysOpenForHTTP10WithKeepAlive() async throws {
        try await withServer { server in
            let connection = try server.connect()
            for path in ["/a", "/b"] {
                try connection.send(raw: "GET \(path) HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
                let answer = try connection.receive()
                #expect(answer.text == "GET \(path) - 0 fine")
                #expect(answer["Connection"]?.lowercased() == "keep-alive")
            }
        }
    }

    @Test func answersHEADWithoutABody() async throws {
        try await withServer { server in
            let connection = try server.connect()
            let full = try connection.call(Call("GET", "/abc"))
            let head = try connection.call(Call("HEAD", "/abc"))
            #expect(head.status == 200)
            #expect(head["Content-Length"] == String(full.body.count + 1))
            #expect(head["Content-Type"] == "text/plain")
            // A stray body would be read as part of the next answer.
            #expect(try connection.call(Call("GET", "/next")).text == "GET /next - 0 fine")
            #expect(!connection.hasLeftovers)
        }
    }

    @Test(arguments: [204, 304]) func answersWithoutABodyWhereNoneIsAllowed(status: Int) async throws {
        let handler: @LoopActor (Request) async -> Response = { request in
            request.path == "/none" ? Response(status: status, fields: [.init("ETag", "\"7\"")]) : await echo(request)
        }
        try await withServer(handler: handler) { server in
            let connection = try server.connect()
            let answer = try connection.call(Call("GET", "/none"))
            #expect(answer.status == status)
            #expect(answer["ETag"] == "\"7\"")
            #expect(try connection.call(Call("GET", "/next")).text == "GET /next - 0 fine")
            #expect(!connection.hasLeftovers)
        }
    }

    /// RFC 9110 §8.6: a 304 announces the size that a 200 would have, or none.
    @Test(arguments: ["GET", "HEAD"]) func announcesTheSizeOfTheBodyThatA304Omits(method: String) async throws {
        let handler: @LoopActor (Request) async -> Response = { request in
            request.path == "/known"
                ? Response(status: 304, body: [UInt8](repeating: 120, count: 700)) : await echo(request)
        }
        try await withServer(handler: handler) { server in
            let connection = try server.connect()
            let answer = try connection.call(Call(method, "/known"))
            #expect(answer.all("Content-Length") == ["700"])
            #expect(try connection.call(Call("GET", "/next")).text == "GET /next - 0 fine")
            #expect(!connection.hasLeftovers)
        }
    }

    @Test func carriesTheStatusTheFieldsAndTheBytesOfAnAnswer() async throws {
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let handler: @LoopActor (Request) async -> Response = { _ in
            Response(status: 422, fields: [.init("X-A", "1"), .init("X-B", "二"), .init("X-A", "2")], body: body)
        }
        try await withServer(handler: handler) { server in
            let answer = try server.call(Call("GET", "/"))
            #expect(answer.status == 422)
            #expect(answer.all("X-A") == ["1", "2"])
            #expect(answer["X-B"] == "二")
            #expect(answer.body == body)
        }
    }

    @Test func passesOnTheFieldsThatTheServiceReads() async throws {
        let seen = Protected<[Request]>([])
        let handler: @LoopActor (Request) async -> Response = { request in
            seen.withLock { $0.append(request) }
            return await echo(request)
        }
        try await withServer(handler: handler) { server in
            let connection = try server.connect()
            try connection.send(
                raw: """
                    GET / HTTP/1.1\r
                    host: works\r
                    ACCEPT-LANGUAGE: zh\r
                    content-type:application/json\r
                    Content-Encoding: identity\r
                    content-encoding: gzip\r
                    Idempotency-Key: \t k 1 \r
                    If-Match: "1"\r
                    if-match: "2"\r
                    If-None-Match: *\r
                    X-Request-Id: mine-1\r
                    X-Other: whatever\r
                    \r

                    """
            )
            _ = try connection.receive()
            _ = try connection.call(Call("GET", "/", headers: ["X-Request-Id": "not acceptable"]))
        }
        let requests = seen.value
        #expect(requests.count == 2)
        let fields = requests[0].fields
        #expect(fields.acceptLanguage == "zh")
        #expect(fields.contentType == "application/json")
        #expect(fields.contentEncoding == "identity, gzip")
        #expect(fields.idempotencyKey == "k 1")
        #expect(fields.ifMatch == "\"1\", \"2\"")
        #expect(fields.ifNoneMatch == "*")
        #expect(requests[0].id == "mine-1")
        #expect(requests[1].fields.acceptLanguage == nil)
        #expect(requests[1].fields.requestID == "not acceptable")
        #expect(requests[1].id.utf8.count == 32)
    }

    @Test func servesASocketFile() async throws {
        let directory = try ScratchDirectory()
        try await withServer(at: .unix(directory.file("http.sock"))) { server in
            let answer = try server.call(Call("POST", "/a", text: "12345"))
            #expect(answer.text == "POST /a - 5 fine")
        }
    }

    @Test func answersOnTheLoopsThread() async throws {
        let isOnLoop = Protected<[Bool]>([])
        let handler: @LoopActor (Request) async -> Response = { request in
            isOnLoop.withLock { $0.append(LoopActor.loop.isCurrent) }
            await Timer.sleep(for: .milliseconds(1))
            isOnLoop.withLock { $0.append(LoopActor.loop.isCurrent) }
            return await echo(request)
        }
        try await withServer(handler: handler) { server in _ = try server.call(Call("GET", "/")) }
        #expect(isOnLoop.value == [true, true])
    }
}
