import TestSupport
import Testing

/// How large a request may be: the largest size accepted, and the smallest refused.
@Suite(.sharingAStack) struct LimitTests {
    private static let bodyMax = 1 << 20

    /// A valid body, padded with blanks to `count` bytes.
    private func body(_ count: Int) -> [UInt8] {
        let json = Array(draft().description.utf8)
        return json + [UInt8](repeating: 32, count: count - json.count)
    }

    private func entrances() throws -> [Client] {
        [try Shared.client, try Shared.stack.worker(0), try Shared.stack.worker(2)]
    }

    @Test func acceptsABodyOfOneMebibyte() throws {
        for client in try entrances() {
            try expectSuccess(try client.send(Call("POST", "/api/v1/works", body: body(Self.bodyMax))))
            let chunked = Call("POST", "/api/v1/works", headers: Self.chunked, body: chunks(body(Self.bodyMax)))
            try expectSuccess(try client.send(chunked))
        }
    }

    @Test func refusesOneByteMore() throws {
        for client in try entrances() {
            expectRefusal(413_100, try answer(client, Call("POST", "/api/v1/works", body: body(Self.bodyMax + 1))))
            let chunked = Call("POST", "/api/v1/works", headers: Self.chunked, body: chunks(body(Self.bodyMax + 1)))
            expectRefusal(413_100, try answer(client, chunked))
        }
    }

    @Test func refusesAHugeBodyBeforeItArrives() throws {
        for client in try entrances() {
            let connection = try HTTPConnection(to: client.address)
            try connection.send(
                raw: "POST /api/v1/works HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000\r\n\r\n{"
            )
            expectRefusal(413_100, try connection.receive())
        }
    }

    @Test func refusesALongTarget() throws {
        for client in try entrances() {
            let longest = "/api/v1/works?cursor=" + String(repeating: "x", count: 8192 - 21)
            #expect(longest.utf8.count == 8192)
            expectRefusal(400_106, try client.call("GET", longest))
            expectRefusal(414_100, try client.call("GET", longest + "x"))
            expectRefusal(414_100, try client.call("GET", "/" + String(repeating: "x", count: 20_000)))
        }
    }

    @Test func refusesLargeHeaders() throws {
        for client in try entrances() {
            func headers(_ kibibytes: Int) -> [String: String] {
                let value = String(repeating: "x", count: 1000)
                return Dictionary(uniqueKeysWithValues: (0..<kibibytes).map { ("X-Filler-\(1000 + $0)", value) })
            }
            try expectSuccess(try client.call("GET", "/livez", headers: headers(28)))
            expectRefusal(431_100, try client.call("GET", "/livez", headers: headers(40)))
            let one = ["X-Filler": String(repeating: "x", count: 40_000)]
            expectRefusal(431_100, try client.call("GET", "/livez", headers: one))
            let many = Dictionary(uniqueKeysWithValues: (0..<300).map { ("X-\($0)", "v") })
            expectRefusal(431_100, try client.call("POST", "/api/v1/works", draft(), headers: many), saying: "100")
        }
    }

    /// A character that arrives unencoded leaves in the links with three characters for each of its bytes.
    @Test func repeatsLongFiltersInItsLinks() throws {
        let description = String(repeating: "订单同步", count: 500)
        for _ in 0..<2 { _ = try Shared.client.create(["description": .string(description)]) }
        for client in try entrances() {
            let page = try client.page("/api/v1/works?limit=1&description=" + description)
            #expect(page.total >= 2 && page.items.count == 1)
            #expect(try #require(page.next).utf8.count > 3 * 3 * description.unicodeScalars.count)
        }
    }

    /// A header field counts as the bytes of its name and its value, plus four.
    @Test func countsTheBytesOfTheHeaders() throws {
        for client in try entrances() {
            let host = "Host".utf8.count + "localhost".utf8.count + 4
            func headers(_ count: Int) -> [String: String] {
                ["X-Filler": String(repeating: "x", count: count - host - "X-Filler".utf8.count - 4)]
            }
            for id in [[:], ["X-Request-Id": unique()]] {
                try expectSuccess(try client.call("GET", "/livez", headers: headers(32_768).merging(id) { $1 }))
                let target = "/livez?" + String(repeating: "x", count: 8192 - 7)
                expectRefusal(400_103, try client.call("GET", target, headers: headers(32_768).merging(id) { $1 }))
                expectRefusal(431_100, try client.call("GET", "/livez", headers: headers(32_769).merging(id) { $1 }))
            }
        }
    }

    /// Many small parts cost libmicrohttpd more memory than their bytes.
    @Test func acceptsManyParametersCookiesAndFields() throws {
        for client in try entrances() {
            try expectSuccess(try client.call("GET", "/api/v1/works?limit=1" + String(repeating: "&", count: 8000)))
            expectRefusal(400_103, try client.call("GET", "/api/v1/works?" + String(repeating: "a&", count: 4000)))
            for cookie in [String(repeating: "a=1;", count: 1000), String(repeating: "x", count: 32_000)] {
                try expectSuccess(try client.call("GET", "/livez", headers: ["Cookie": cookie]))
                let target = "/livez?" + String(repeating: "x", count: 8000)
                expectRefusal(400_103, try client.call("GET", target, headers: ["Cookie": cookie]))
            }
            // With Host, and what nginx adds.
            let fields = (0..<99).map { ("X-\(1000 + $0)", String(repeating: "x", count: 40)) }
            try expectSuccess(try client.call("GET", "/livez", headers: Dictionary(uniqueKeysWithValues: fields)))
        }
    }

    @Test func readsAndIgnoresTheBodyOfAGet() throws {
        let work = try Shared.client.create()
        for client in try entrances() {
            let body = [UInt8](repeating: UInt8(ascii: "{"), count: 65536)
            for target in [work.path + "/tasks"] {
                try expectSuccess(try client.send(Call("GET", target, body: body)))
                try expectSuccess(try client.send(Call("GET", target, headers: Self.chunked, body: chunks(body))))
            }
        }
    }

    /// The answer, which may arrive, and the connection be closed, before the whole request is sent.
    private func answer(_ client: Client, _ request: Call) throws -> Answer {
        let connection = try HTTPConnection(to: client.address)
        do { try connection.send(request) } catch Wire.Failure.closed {}
        return try connection.receive()
    }

    private static let chunked = ["Transfer-Encoding": "chunked"]

    private func chunks(_ body: [UInt8]) -> [UInt8] {
        var framed: [UInt8] = []
        for start in stride(from: 0, to: body.count, by: 50_000) {
            let piece = body[start..<min(start + 50_000, body.count)]
            framed += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10]
        }
        return framed + Array("0\r\n\r\n".utf8)
    }
}
