import HTTP
import HTTPServer
import Loop
import TestSupport
import Testing

/// The limits of targets and headers, at the bound and one past it.
@Suite(.waiting) struct LimitTests {
    @Test func targetMayHave8KiB() async throws {
        #expect(HTTPLimits().targetBytesMax == 8192)
        try await withServer { server in
            let connection = try server.connect()
            for target in [
                "/" + String(repeating: "x", count: 8191),
                "/?" + String(repeating: "x", count: 8190),
                "/a?" + String(repeating: "b=%20&", count: 300) + String(repeating: "x", count: 8192 - 1803),
            ] {
                #expect(target.utf8.count == 8192)
                #expect(try connection.call(Call("GET", target)).status == 200)
                #expect(try connection.call(Call("GET", target + "x")).text.hasSuffix(" targetTooLong"))
            }
            #expect(try connection.call(Call("POST", "/", text: "12345")).text == "POST / - 5 fine")
        }
    }

    /// The limit counts bytes, whether or not they are UTF-8.
    @Test func targetIsCountedInBytes() async throws {
        try await withServer { server in
            let connection = try server.connect()
            for (count, status) in [(8191, 200), (8192, 414)] {
                let target = Array("/".utf8) + [UInt8](repeating: 0xFF, count: count)
                try connection.wire.send(Array("GET ".utf8) + target + Array(" HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
                #expect(try connection.receive().status == status)
            }
        }
    }

    /// Each field counts with its name, its value and four bytes, except those that nginx may have added.
    @Test func headerMayHave32KiB() async throws {
        #expect(HTTPLimits().headerBytesMax == 32768)
        try await withServer { server in
            let connection = try server.connect()
            for count in [32768, 32769] {
                let answer = try connection.call(Call("GET", "/", headers: fields(of: count)))
                #expect(answer.text == "GET / - 0 " + (count == 32768 ? "fine" : "headersTooLarge"))
            }
            let added = ["X-Request-Id": String(repeating: "x", count: 128), "X-Real-IP": "10.0.0.7"]
            let named = fields(of: 32768).merging(added) { $1 }
            #expect(try connection.call(Call("GET", "/", headers: named)).text == "GET / - 0 fine")
            let answer = try connection.call(Call("POST", "/", headers: fields(of: 32769 - 17), text: "12345"))
            #expect(answer.status == 431)
            #expect(try connection.call(Call("POST", "/", text: "12345")).text == "POST / - 5 fine")
        }
    }

    @Test func targetAndHeaderMayReachTheirLimitsTogetherWithABody() async throws {
        try await withServer { server in
            let connection = try server.connect()
            let target = "/" + String(repeating: "x", count: 8191)
            let headers = fields(of: 32768 - "Content-Length".utf8.count - "100000".utf8.count - 4)
            for _ in 1...3 {
                let call = Call("POST", target, headers: headers, body: [UInt8](repeating: 1, count: 100_000))
                #expect(try connection.call(call).text == "POST \(target) - 100000 fine")
            }
        }
    }

    /// `Host` is one of them; those that nginx adds do not count.
    @Test func headerMayHave100Fields() async throws {
        #expect(HTTPLimits().headerFieldsMax == 100)
        try await withServer { server in
            for count in [99, 100] {
                var headers: [String: String] = [:]
                for number in 0..<count { headers["X-\(number)"] = "v" }
                for added in [[:], ["X-Request-Id": "r", "X-Real-IP": "10.0.0.7"]] {
                    let call = Call("POST", "/", headers: headers.merging(added) { $1 })
                    let answer = try server.call(call)
                    #expect(answer.text == "POST / - 0 " + (count == 99 ? "fine" : "headersTooLarge"))
                }
            }
        }
    }

    /// By default, libmicrohttpd keeps a record of each in the connection's memory.
    @Test(arguments: ["&", "a&", "a=&", "=&", "+&", "%26&"]) func queryMayHaveManyParameters(parameter: String)
        async throws
    {
        try await withServer { server in
            let connection = try server.connect()
            let query = String(repeating: parameter, count: 8189 / parameter.utf8.count)
            for _ in 1...3 {
                #expect(try connection.call(Call("GET", "/?" + query)).text == "GET / \(query) 0 fine")
                #expect(try connection.call(Call("POST", "/", text: "12345")).text == "POST / - 5 fine")
            }
        }
    }

    @Test(arguments: [";", "a;", "a=1; ", ",", "a=\"", String(repeating: "x", count: 32_000)])
    func headerMayHaveManyCookies(cookie: String) async throws {
        try await withServer { server in
            let connection = try server.connect()
            let target = "/" + String(repeating: "x", count: 8191)
            let headers = ["Cookie": String(repeating: cookie, count: 32_700 / cookie.utf8.count)]
            for _ in 1...3 {
                #expect(try connection.call(Call("GET", target, headers: headers)).text == "GET \(target) - 0 fine")
                #expect(try connection.call(Call("POST", "/", text: "12345")).text == "POST / - 5 fine")
            }
        }
    }

    @Test func headerMayHave100FieldsAtTheLimits() async throws {
        try await withServer { server in
            let connection = try server.connect()
            for (targetCount, headerCount) in [(1, 30_000), (8192, 32_768)] {
                let target = "/" + String(repeating: "x", count: targetCount - 1)
                var headers: [String: String] = [:]
                var left = headerCount - "Host".utf8.count - "localhost".utf8.count - 4
                for number in (0..<99).reversed() {
                    let size = left / (number + 1)
                    headers["X-\(1000 + number)"] = String(repeating: "v", count: size - "X-1000".utf8.count - 4)
                    left -= size
                }
                for _ in 1...3 {
                    #expect(try connection.call(Call("GET", target, headers: headers)).text == "GET \(target) - 0 fine")
                }
            }
        }
    }

    /// The beginning of a request, and the status that refuses it.
    struct Oversized: CustomTestStringConvertible {
        let testDescription: String
        let bytes: String
        let status: Int

        init(_ name: String, _ bytes: String, _ status: Int) {
            testDescription = name
            self.bytes = bytes
            self.status = status
        }
    }

    /// Far beyond the limits, libmicrohttpd runs out of room and answers by itself.
    @Test(arguments: [
        Oversized("a target", "GET /" + String(repeating: "x", count: 200_000), 414),
        Oversized("a header", "GET / HTTP/1.1\r\nHost: x\r\nX: " + String(repeating: "x", count: 200_000), 431),
        Oversized("fields", "GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "X: y\r\n", count: 20_000), 431),
    ])
    func whatIsFarTooLargeIsRefusedAndCutOff(request: Oversized) async throws {
        try await withServer { server in
            let connection = try server.connect()
            // The server stops reading, so sending may fail.
            try? connection.send(raw: request.bytes)
            if let answer = try? connection.receive() { #expect(answer.status == request.status) }
            try await server.untilAllAreGone()
            #expect(try server.call(Call("GET", "/next")).status == 200)
        }
    }

    /// Header fields of `count` bytes, including the `Host` that ``Call`` adds.
    private func fields(of count: Int) -> [String: String] {
        var left = count - "Host".utf8.count - "localhost".utf8.count - 4
        var fields: [String: String] = [:]
        while left > 0 {
            let name = "X-\(10 + fields.count)"
            let size = left >= 8000 ? 4000 : left > 4000 ? left / 2 : left
            fields[name] = String(repeating: "v", count: size - name.utf8.count - 4)
            left -= size
        }
        return fields
    }
}
