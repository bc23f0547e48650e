import Foundation
import TestSupport
import Testing

/// Requests that are not HTTP, or HTTP with a trick in it.
///
/// None may stop a worker, and none may be read as two requests.
@Suite(.sharingAStack) struct MalformedHTTPTests {
    private static let get = "GET /livez HTTP/1.1\r\nHost: localhost\r\n"
    private static let post = "POST /api/v1/works HTTP/1.1\r\nHost: localhost\r\n"

    /// Requests that nginx must refuse in the envelope, and that a worker must refuse or close the connection on.
    private static let requests: [(String, String)] = [
        ("no HTTP", "GARBAGE\r\n\r\n"),
        ("TLS", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}\r\n\r\n"),
        ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("unknown version", "GET /livez HTTP/9.9\r\nHost: localhost\r\n\r\n"),
        ("no version number", "GET /livez HTTP/x\r\nHost: localhost\r\n\r\n"),
        ("lower-case method", "get /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("method with odd letters", "G@T /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("no target", "GET  HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("no Host", "GET /livez HTTP/1.1\r\n\r\n"),
        ("two Hosts", get + "Host: y\r\n\r\n"),
        ("blank before the colon", get + "X-A : 1\r\n\r\n"),
        ("NUL in a header", get + "X-A: a\u{0}b\r\n\r\n"),
        ("folded header", get + "X-A: a\r\n b\r\n\r\n"),
        ("length and chunks", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("two lengths", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
        ("negative length", post + "Content-Length: -1\r\n\r\n{}"),
        ("length that is no number", post + "Content-Length: 2x\r\n\r\n{}"),
        ("length beyond all numbers", post + "Content-Length: 99999999999999999999999\r\n\r\n{}"),
        ("unknown coding", post + "Transfer-Encoding: gzip\r\n\r\n{}"),
        ("chunk size that is no number", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
        ("negative chunk size", post + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"),
        ("chunk size beyond all numbers", post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}"),
    ]

    @Test(arguments: requests) func refusesThroughNginx(_ name: String, _ raw: String) throws {
        let text = try exchange(raw, at: try Shared.client.address)
        try expectRefused(text, name)
        let answer = try #require(parsed(text), "\(name): \(text)")
        expectRefusal(answer.status == 413 ? 413_100 : 400_105, answer)
        #expect(answer["X-Worker"] == "nginx")
        try expectAllUp()
    }

    @Test(arguments: requests) func refusesAtAWorker(_ name: String, _ raw: String) throws {
        for index in [0, 2] {
            let text = try exchange(raw, at: try Shared.stack.worker(index).address)
            try expectRefused(text, name)
        }
        try expectAllUp()
    }

    @Test(arguments: [
        ("length and chunks", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get + "\r\n"),
        ("folded header", get + "X-A: a\r\n b\r\n\r\n"),
        ("NUL in a header", get + "X-A: a\u{0}b\r\n\r\n"),
        ("bare line feeds", "GET /livez HTTP/1.1\nHost: x\n\n"),
    ])
    func refusesTricksAtAWorkerInTheEnvelope(_ name: String, _ raw: String) throws {
        let connection = try HTTPConnection(to: try Shared.stack.worker(0).address)
        try connection.send(raw: raw)
        expectRefusal(400_105, try connection.receive())
        #expect(try connection.isClosedByServer(), "\(name)")
    }

    @Test func readsABodyAsABodyWhateverTheMethod() throws {
        let hidden = "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for method in ["HEAD", "GET", "OPTIONS", "DELETE", "FOO", "PUT"] {
            let connection = try HTTPConnection(to: try Shared.stack.worker(0).address)
            let id = unique()
            try connection.send(Call(method, "/livez", text: hidden))
            _ = try connection.receive(isHead: method == "HEAD")
            guard try !connection.isClosedByServer(within: .milliseconds(50)) else { continue }
            try connection.send(Call("GET", "/livez", headers: ["X-Request-Id": id]))
            let answer = try connection.receive()
            #expect(answer.status == 200, "\(method)")
            #expect(answer["X-Request-Id"] == id, "\(method)")
            #expect(!connection.hasLeftovers)
        }
    }

    /// nginx does not know what a path accepts, so it passes on every well-formed method.
    @Test func answersAnyMethodWithThoseOfThePath() throws {
        for address in [try Shared.client.address, try Shared.stack.worker(0).address] {
            let connection = try HTTPConnection(to: address)
            for method in ["FOO", "PROPFIND", "M-SEARCH", "PUT", "X", String(repeating: "LONG", count: 100)] {
                for body in [nil, "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"] as [String?] {
                    let answer = try connection.call(Call(method, "/livez", body: body.map { Array($0.utf8) }))
                    expectRefusal(405_100, answer)
                    #expect(answer["Allow"] == "GET, HEAD, OPTIONS", "\(method)")
                    expectRefusal(
                        404_100,
                        try connection.call(Call(method, "/nope", body: body.map { Array($0.utf8) }))
                    )
                    try expectSuccess(try connection.call(Call("GET", "/livez")))
                    #expect(!connection.hasLeftovers)
                }
            }
            for method in ["TRACE", "CONNECT"] where address == (try Shared.client.address) {
                expectRefusal(405_100, try HTTPConnection(to: address).call(Call(method, "/livez")))
            }
        }
    }

    /// Bytes that are not UTF-8 are not repaired: repaired, they could name another client's work.
    @Test func refusesTargetsThatAreNotUTF8() throws {
        for address in [try Shared.client.address, try Shared.stack.worker(0).address] {
            for bytes: [UInt8] in [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80]] {
                for (start, code) in [("/api/v1/works?user_id=", 400_103), ("/api/v1/works/", 400_104), ("/", 404_100)]
                {
                    let connection = try HTTPConnection(to: address)
                    let head = Array("GET \(start)".utf8) + bytes + Array(" HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
                    try connection.wire.send(head)
                    expectRefusal(code, try connection.receive())
                }
            }
            for mark in ["\u{301}a", "%CC%81a"] {
                let connection = try HTTPConnection(to: address)
                try expectSuccess(try connection.call(Call("GET", "/api/v1/works?user_id=\(mark)")))
            }
        }
    }

    @Test func answersPipelinedRequestsInOrder() throws {
        let work = try Shared.client.create()
        for address in [
            try Shared.client.address, try Shared.stack.worker(0).address, try Shared.stack.worker(2).address,
        ] {
            let connection = try HTTPConnection(to: address)
            let ids = (0..<20).map { _ in unique() }
            let all = ids.enumerated().map { index, id in
                Call("GET", index % 2 == 0 ? work.path : "/livez", headers: ["X-Request-Id": id])
            }
            try connection.wire.send(all.flatMap(\.bytes))
            for id in ids { #expect(try connection.receive()["X-Request-Id"] == id) }
            #expect(!connection.hasLeftovers)
        }
    }

    @Test func waitsForSlowSenders() throws {
        for address in [try Shared.client.address, try Shared.stack.worker(0).address] {
            let connection = try HTTPConnection(to: address)
            let bytes = Call("POST", "/api/v1/works", text: draft().description).bytes
            try connection.send(slowly: bytes, piece: 3, every: .milliseconds(4))
            try expectSuccess(try connection.receive())
        }
    }

    @Test func answersExpectWithContinue() throws {
        for address in [try Shared.client.address, try Shared.stack.worker(0).address] {
            let connection = try HTTPConnection(to: address)
            let request = Call("POST", "/api/v1/works", headers: ["Expect": "100-continue"], text: draft().description)
            let head = request.bytes.count - (request.body?.count ?? 0)
            try connection.wire.send(Array(request.bytes[..<head]))
            #expect(connection.wire.hasNews(within: .seconds(10)), "100 Continue")
            try connection.wire.send(request.body ?? [])
            try expectSuccess(try connection.receive())
        }
    }

    @Test func survivesClientsThatVanish() async throws {
        let work = try Shared.client.create()
        let addresses = [
            try Shared.client.address, try Shared.stack.worker(0).address, try Shared.stack.worker(2).address,
        ]
        _ = try await concurrently(6) { thread in
            for turn in 0..<(10 * rounds) {
                let wire = try Wire(to: addresses[thread % addresses.count])
                let whole = Call("PATCH", work.path, text: #"{"name":"\#(unique())"}"#).bytes
                try wire.send(Array(whole.prefix(turn % 3 == 0 ? whole.count : turn * 7 % whole.count)))
                if turn % 2 == 0 { wire.resetsAtTheEnd() }
            }
        }
        try expectAllUp()
        #expect(try Shared.client.work(work.path).id == work.id)
    }

    @Test func survivesRandomBytes() throws {
        var random = SeededRandom(23)
        let pieces = [
            "GET ", "POST ", "/livez", "/api/v1/works", " HTTP/1.1", " HTTP/1.0", "\r\n", "\n", "\r", "Host: x", ": ",
            "Content-Length",
            "Transfer-Encoding: chunked", "5", "0", "\u{0}", "\u{7f}", "é", "\t", " ", "{}", "Connection: close", "%00",
            "?a=%",
        ]
        for turn in 0..<(60 * rounds) {
            let raw = (0..<Int.random(in: 1...25, using: &random)).map { _ in random.pick(pieces) }.joined()
            let address = turn % 3 == 0 ? try Shared.client.address : try Shared.stack.worker(turn).address
            let text = try exchange(raw, at: address)
            #expect(!text.hasPrefix("HTTP/1.1 5") || text.hasPrefix("HTTP/1.1 505"), "\(raw.debugDescription)\n\(text)")
        }
        try expectAllUp()
    }

    /// Sends bytes and the end of the stream; returns everything received until the server closes or goes quiet.
    private func exchange(_ raw: String, at address: SocketAddress) throws -> String {
        let wire = try Wire(to: address)
        var received: [UInt8] = []
        do {
            try wire.send(raw)
            // nginx reads the end of the stream as a client that has left, so it waits for the answer, if one comes.
            _ = wire.hasNews(within: .milliseconds(100))
            wire.finishSending()
            while case let bytes = try wire.receive(patience: .seconds(3)), !bytes.isEmpty { received += bytes }
        } catch is Wire.Failure {}
        return String(decoding: received, as: UTF8.self)
    }

    /// The answer that a text begins with, or nil for a connection closed without one.
    private func parsed(_ text: String) -> Answer? {
        guard let end = text.range(of: "\r\n\r\n"), let status = Int(text.dropFirst(9).prefix(3)) else { return nil }
        let headers = text[..<end.lowerBound].split(separator: "\r\n").dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return Answer.Header(name: String(parts[0]), value: String(parts.last?.drop { $0 == " " } ?? ""))
        }
        return Answer(status: status, headers: Array(headers), body: Array(text[end.upperBound...].utf8))
    }

    private func expectRefused(_ text: String, _ name: String) throws {
        if text.isEmpty { return }
        let status = try #require(text.wholeMatch(of: #/(?s)HTTP/1\.1 ([0-9]{3}) .*/#), "\(name): \(text)").1
        #expect(status.hasPrefix("4") || status == "505", "\(name): \(text)")
        // libmicrohttpd writes the head of its own refusals twice before it closes; a second answer would differ.
        #expect(Set(text.matches(of: #/HTTP/1\.1 [0-9]{3} /#).map(\.output)).count == 1, "one answer: \(text)")
    }

    private func expectAllUp() throws {
        for worker in try Shared.stack.workers {
            #expect(worker.isRunning, "\(worker.output())")
            try expectSuccess(try Client(worker.address, keepsConnections: false).call("GET", "/livez"))
        }
    }
}
