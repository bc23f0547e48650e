import HTTP
import HTTPServer
import Loop
import TestSupport
import Testing

/// How bodies arrive, and their limit.
@Suite(.waiting) struct BodyTests {
    @Test(arguments: ["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "PUT", "BREW"])
    func belongsToItsRequestWhateverTheMethod(method: String) async throws {
        let seen = Protected<[String]>([])
        let handler: @LoopActor (Request) async -> Response = { request in
            seen.withLock {
                $0.append("\(request.method) \(request.path) \(String(decoding: request.body, as: UTF8.self))")
            }
            return await echo(request)
        }
        try await withServer(handler: handler) { server in
            let connection = try server.connect()
            // A body that looks like a request must not be treated as one.
            let body = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
            #expect(try connection.call(Call(method, "/a", text: body)).status == 200)
            #expect(try connection.call(Call("GET", "/b")).text == "GET /b - 0 fine")
            #expect(seen.value == ["\(HTTP.Method(token: method)) /a \(body)", "get /b "])
        }
    }

    @Test(arguments: [1, 7, 100]) func mayComeInPieces(piece: Int) async throws {
        let seen = Protected<[UInt8]>([])
        let handler: @LoopActor (Request) async -> Response = { request in
            seen.withLock { $0 = request.body }
            return await echo(request)
        }
        try await withServer(handler: handler) { server in
            let body = (0..<150).map { UInt8($0) }
            let connection = try server.connect()
            try connection.send(slowly: Call("POST", "/", body: body).bytes, piece: piece, every: .microseconds(200))
            #expect(try connection.receive().text == "POST / - 150 fine")
            #expect(seen.value == body)
        }
    }

    /// libmicrohttpd 1.0.1 takes the end of the extension for the first byte of the chunk, and then refuses the rest.
    @Test func aChunkMayHaveAnExtension() async throws {
        try await withServer { server in
            let chunked = "5;name=value\r\nhello\r\n0\r\n\r\n"
            let call = Call("POST", "/", headers: ["Transfer-Encoding": "chunked"], text: chunked)
            let answer = try server.call(call)
            if RequestHead.libraryChecksLines {
                #expect(answer.status == 400)
            } else {
                #expect(answer.text == "POST / - 5 fine")
            }
        }
    }

    @Test(arguments: [1, 5, 1000]) func mayComeInChunks(piece: Int) async throws {
        let seen = Protected<[UInt8]>([])
        let handler: @LoopActor (Request) async -> Response = { request in
            seen.withLock { $0 = request.body }
            return await echo(request)
        }
        try await withServer(handler: handler) { server in
            let connection = try server.connect()
            let chunked =
                "5\r\nhello\r\n1\r\n,\r\n0A\r\n0123456789\r\n"
                + "f\r\nabcdefghijklmno\r\n0\r\nX-Trailer: 1\r\n\r\n"
            for _ in 1...2 {
                let call = Call("POST", "/", headers: ["Transfer-Encoding": "chunked"], text: chunked)
                try connection.send(slowly: call.bytes, piece: piece, every: .microseconds(200))
                #expect(try connection.receive().text == "POST / - 31 fine")
                #expect(String(decoding: seen.value, as: UTF8.self) == "hello,0123456789abcdefghijklmno")
            }
        }
    }

    @Test func mayNameItsEncodingInAnyCase() async throws {
        try await withServer { server in
            let call = Call("POST", "/", headers: ["TRANSFER-encoding": "Chunked"], text: "2\r\nab\r\n0\r\n\r\n")
            let answer = try server.call(call)
            #expect(answer.text == "POST / - 2 fine")
        }
    }

    @Test func isEmptyWithALengthOfZero() async throws {
        try await withServer { server in
            let answer = try server.call(Call("POST", "/", text: ""))
            #expect(answer.text == "POST / - 0 fine")
        }
    }

    @Test func isAskedForIfTheClientExpectsThat() async throws {
        try await withServer { server in
            let connection = try server.connect()
            try connection.send(raw: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
            let interim = String(decoding: try connection.wire.receive(), as: UTF8.self)
            #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n")
            try connection.send(raw: "hello")
            #expect(try connection.receive().text == "POST / - 5 fine")
        }
    }

    @Test func mayBeAsLongAsTheLimit() async throws {
        let limit = HTTPLimits().bodyBytesMax
        #expect(limit == 1_048_576)
        try await withServer { server in
            let connection = try server.connect()
            let body = [UInt8](repeating: 120, count: limit)
            #expect(try connection.call(Call("POST", "/", body: body)).text == "POST / - \(limit) fine")
            #expect(try connection.call(chunks(of: body)).text == "POST / - \(limit) fine")
        }
    }

    @Test func mayNotBeLonger() async throws {
        let limit = HTTPLimits().bodyBytesMax
        try await withServer { server in
            let connection = try server.connect()
            let body = [UInt8](repeating: 120, count: limit + 1)
            #expect(try connection.call(Call("POST", "/", body: body)).text == "POST / - 0 bodyTooLarge")
            #expect(try connection.call(chunks(of: body)).text == "POST / - 0 bodyTooLarge")
            // The excess has been read, so the connection can carry another request.
            #expect(try connection.call(Call("POST", "/", text: "12345")).text == "POST / - 5 fine")
        }
    }

    @Test func isReadAndDroppedUpToEightTimesTheLimit() async throws {
        try await withServer(limits: { $0.bodyBytesMax = 1000 }) { server in
            let connection = try server.connect()
            let body = [UInt8](repeating: 120, count: 8000)
            #expect(try connection.call(Call("POST", "/", body: body)).text == "POST / - 0 bodyTooLarge")
            #expect(try connection.call(chunks(of: body)).text == "POST / - 0 bodyTooLarge")
            #expect(try connection.call(Call("POST", "/", text: "12345")).text == "POST / - 5 fine")
        }
    }

    /// A size beyond `Int` is well formed, and too large.
    @Test(arguments: ["8001", "9223372036854775807", "9223372036854775808", "18446744073709551614"])
    func isNotWaitedForIfMoreIsAnnounced(size: String) async throws {
        try await withServer(limits: { $0.bodyBytesMax = 1000 }) { server in
            for expectation in ["", "Expect: 100-continue\r\n"] {
                let connection = try server.connect()
                try connection.send(raw: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\(expectation)\r\n")
                let answer = try connection.receive()
                #expect(answer.text == "POST / - 0 bodyTooLarge")
                #expect(answer["Connection"]?.lowercased() == "close")
                #expect(try connection.isClosedByServer())
            }
        }
    }

    @Test func endsTheConnectionIfMoreComesUnannounced() async throws {
        try await withServer(limits: { $0.bodyBytesMax = 1000 }) { server in
            let connection = try server.connect()
            try connection.send(chunks(of: [UInt8](repeating: 120, count: 8001)))
            #expect(try connection.isClosedByServer())
            try await server.untilAllAreGone()
        }
    }

    private func chunks(of body: [UInt8]) -> Call {
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: body.count, by: 60_000) {
            let chunk = body[start..<min(start + 60_000, body.count)]
            bytes += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8)
        }
        bytes += Array("0\r\n\r\n".utf8)
        return Call("POST", "/", headers: ["Transfer-Encoding": "chunked"], body: bytes)
    }
}
