import HTTP
import HTTPServer
import Loop
import TestSupport
import Testing

/// Malformed requests.
///
/// Each comes with another one behind it, which must never be answered.
@Suite(.waiting) struct MalformedTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let head: String

        init(_ description: String, _ head: String) {
            testDescription = description
            self.head = head
        }
    }

    @Test(arguments: [
        Case("length, then encoding", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
        Case("encoding, then length", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"),
        Case("encoding, then a malformed length", "Transfer-Encoding: chunked\r\nContent-Length: four\r\n"),
        Case("the same length twice", "Content-Length: 4\r\nContent-Length: 4\r\n"),
        Case("two lengths", "Content-Length: 4\r\nContent-Length: 40\r\n"),
        Case("two lengths in different case", "Content-Length: 4\r\ncontent-length: 0\r\n"),
        Case("an unsupported encoding", "Transfer-Encoding: gzip\r\n"),
        Case("a second encoding", "Transfer-Encoding: gzip, chunked\r\n"),
        Case("an encoding that changes nothing", "Transfer-Encoding: identity\r\n"),
        Case("an empty encoding", "Transfer-Encoding:\r\n"),
        Case("a misspelt encoding", "Transfer-Encoding: xchunked\r\n"),
        Case("the encoding twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        Case("the encoding and another", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
        Case("two hosts and two lengths", "Host: y\r\nContent-Length: 4\r\nContent-Length: 40\r\n"),
    ])
    func isRefusedIfTheEndOfItsBodyIsUnclear(malformed: Case) async throws {
        try await expectRefusal(of: "POST /a HTTP/1.1\r\nHost: x\r\n\(malformed.head)\r\n", as: .bodyLengthUnclear)
    }

    @Test(arguments: [
        Case("the same host twice", "Host: x\r\n"),
        Case("two hosts", "Host: y\r\n"),
        Case("two hosts in different case", "HOST: y\r\n"),
    ])
    func isRefusedWithMoreThanOneHost(malformed: Case) async throws {
        try await expectRefusal(of: "POST /a HTTP/1.1\r\nHost: x\r\n\(malformed.head)\r\n", as: .hostRepeated)
    }

    @Test(arguments: [
        Case("a control character", "X: a\u{1}b\r\n"),
        Case("a DEL", "X: a\u{7f}b\r\n"),
        Case("a vertical tab", "X: \u{b}\r\n"),
        Case("the encoding with a control character", "Transfer-Encoding: \u{b}chunked\r\n"),
        Case("a bare CR", "X: a\rY: b\r\n"),
        Case("a NUL in the last field", "X: a\0b\r\n"),
        Case("a NUL", "X: a\0b\r\nY: c\r\n"),
        Case("a NUL at the end of a value", "X: a\0\r\nY: c\r\n"),
        Case("a NUL before a length", "X: \0Content-Length: 4\r\nY: c\r\n"),
        Case("a folded field", "X: a\r\n b\r\nY: c\r\n"),
        Case("a folded last field", "X: a\r\n b\r\n"),
        Case("a field folded with a tab", "X: a\r\n\tb\r\n"),
        Case("a folded length", "Content-Length: 4\r\n 0\r\n"),
        Case("a field folded to nothing", "X: a\r\n \r\n"),
        Case("a folded field without a value", "X:\r\n b\r\n"),
        Case("a space before the colon", "Content-Length : 4\r\n"),
        Case("a tab before the colon", "Transfer-Encoding\t: chunked\r\n"),
        Case("a space in a name", "X Y: z\r\n"),
        Case("an empty name", ": z\r\n"),
        Case("a name that is not a token", "X(Y): z\r\n"),
        Case("a name beyond ASCII", "Größe: 4\r\n"),
        Case("a bare LF", "X: a\nY: b\r\n"),
        Case("a bare LF before a length", "X: a\nContent-Length: 4\r\n"),
        Case("a bare LF before a second length", "Content-Length: 4\nContent-Length: 40\r\n"),
        Case("a control character and two hosts", "X: a\u{1}b\r\nHost: y\r\n"),
    ])
    func isRefusedForItsHeader(malformed: Case) async throws {
        try await expectRefusal(of: "POST /a HTTP/1.1\r\nHost: x\r\n\(malformed.head)\r\n", as: .headerMalformed)
    }

    @Test(arguments: [
        Case("a bare LF after the request line", "GET /a HTTP/1.1\nHost: x\r\n\r\n"),
        Case("a first field that begins with a space", "GET /a HTTP/1.1\r\n X: y\r\nHost: x\r\n\r\n"),
    ])
    func isRefusedForTheStartOfItsHeader(malformed: Case) async throws {
        try await expectRefusal(of: malformed.head, as: .headerMalformed)
    }

    @Test(arguments: [
        Case("a NUL in the path", "GET /a\0/b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a NUL in the query", "GET /a?b\0c HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a NUL after the target", "GET /a\0 HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a NUL in the path, and two hosts", "GET /a\0 HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
    ])
    func isRefusedForItsTarget(malformed: Case) async throws {
        try await expectRefusal(of: malformed.head, as: .targetMalformed)
    }

    /// libmicrohttpd refuses these by itself, and nginx before it.
    @Test(arguments: [
        Case("no host", "GET / HTTP/1.1\r\n\r\n"),
        Case("no colon", "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n"),
        Case("a NUL in a name", "GET / HTTP/1.1\r\nHost: x\r\nX\0Y: z\r\n\r\n"),
        Case("a version before 1.0", "GET / HTTP/0.9\r\nHost: x\r\n\r\n"),
        Case("a version after 1.1", "GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
        Case("no version", "GET /\r\nHost: x\r\n\r\n"),
        Case("a version that is not a number", "GET / HTTP/1.x\r\nHost: x\r\n\r\n"),
        Case("a negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
        Case("a length with a sign", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\n"),
        Case("a length that is not a number", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: four\r\n\r\n"),
        Case("a list of lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4, 4\r\n\r\n"),
        Case(
            "a length of more than 64 bits",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551616\r\n\r\n"
        ),
        Case(
            "a chunk size that is not a number",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"
        ),
        Case(
            "a chunk without an end",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n"
        ),
        Case(
            "a chunk of more than 64 bits",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n"
        ),
    ])
    func isRefusedBeforeItReachesUs(malformed: Case) async throws {
        try await withServer { server in
            let connection = try server.connect(patience: .seconds(5))
            try connection.send(raw: malformed.head + "GET /behind HTTP/1.1\r\nHost: x\r\n\r\n")
            // This version of the library may send the head of such an answer twice, so the bytes are not parsed.
            var text = ""
            while case let bytes = try connection.wire.receive(patience: .seconds(5)), !bytes.isEmpty {
                text += String(decoding: bytes, as: UTF8.self)
            }
            #expect(text.hasPrefix("HTTP/1.1 4") || text.hasPrefix("HTTP/1.1 505"))
            #expect(text.contains("Connection: close"))
            #expect(!text.contains("HTTP/1.1 200"))
            try await server.untilAllAreGone()
        }
    }

    @Test func isCutOffIfItsFirstLineIsNotARequestLine() async throws {
        for line in ["nonsense", "GET  ", "GET /a b HTTP/1.1", " / HTTP/1.1"] {
            try await withServer { server in
                let connection = try server.connect()
                try connection.send(raw: "\(line)\r\nHost: x\r\n\r\nGET /behind HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = try? connection.receive()
                if let answer { #expect(answer.status == 400) }
                #expect(try connection.isClosedByServer())
            }
        }
    }

    @Test func wellFormedOdditiesPass() async throws {
        let fields = [
            "X:", "X: ", "X:\t\ta\t", "X: a\tb", "X: größe 大小", "!#$%&'*+-.^_`|~09azAZ: token", "x: :", "X: \"a\\\"b\"",
            "Cookie: a=b; c", "Expect: something", "Connection: keep-alive, x", "Upgrade: h2c",
        ]
        try await withServer { server in
            let connection = try server.connect()
            for field in fields {
                try connection.send(raw: "GET /a HTTP/1.1\r\nHost: x\r\n\(field)\r\nX-Last: 1\r\n\r\n")
                #expect(try connection.receive().text == "GET /a - 0 fine", "\(field)")
            }
            try connection.send(raw: "GET /a HTTP/1.1\r\nHost: x\r\n" + fields.joined(separator: "\r\n") + "\r\n\r\n")
            #expect(try connection.receive().text == "GET /a - 0 fine")
        }
    }

    /// Bytes that are not UTF-8 are escaped, not repaired.
    @Test func targetsThatAreNotUTF8KeepTheirMeaning() async throws {
        try await withServer { server in
            let connection = try server.connect()
            for (bytes, text) in [
                ([0xFF], "%FF"), ([0xC3], "%C3"), ([0xC0, 0x80], "%C0%80"), ([0xED, 0xA0, 0x80], "%ED%A0%80"),
                ([0xC3, 0xA4], "ä"), ([0xC3, 0xA4, 0xFF], "%C3%A4%FF"),
            ] as [([UInt8], String)] {
                for (before, after) in [("/", "/b?c=1"), ("/a?b=", "&c=1"), ("/?", "")] {
                    let target = Array(before.utf8) + bytes + Array(after.utf8)
                    try connection.wire.send(Array("GET ".utf8) + target + Array(" HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
                    let request = Request(method: .get, target: before + text + after)
                    let seen = try connection.receive().text
                    #expect(seen == "GET \(request.path) \(request.query ?? "-") 0 fine")
                }
            }
        }
    }

    /// The check depends on where the lines lie in memory, so the header is split at every byte.
    @Test func wellFormedHeadersPassHoweverTheyAreSplit() async throws {
        let bytes = Call("POST", "/a?b=c&d", headers: ["X-A": "1", "X-B": "", "Cookie": "a=b"], text: "12345").bytes
        try await withServer { server in
            let connection = try server.connect()
            for cut in 1..<bytes.count {
                try connection.wire.send(Array(bytes[..<cut]))
                // Now and then the server gets the time to read the first part by itself; always would take too long.
                if cut % 8 == 0 { pause(.milliseconds(2)) }
                try connection.wire.send(Array(bytes[cut...]))
                #expect(try connection.receive().text == "POST /a b=c&d 5 fine")
            }
        }
    }

    /// Sends a request and another behind it: the first must be refused, the other never reach the handler.
    private func expectRefusal(
        of request: String,
        as fault: HTTPFault,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let paths = Protected<[String]>([])
        let handler: @LoopActor (Request) async -> Response = { request in
            paths.withLock { $0.append(request.path) }
            return await echo(request)
        }
        try await withServer(handler: handler) { server in
            let connection = try server.connect(patience: .seconds(5))
            try connection.send(raw: request + "GET /behind HTTP/1.1\r\nHost: x\r\n\r\n")
            do {
                let answer = try connection.receive()
                #expect(answer.status == 400, sourceLocation: sourceLocation)
                #expect(answer["Connection"]?.lowercased() == "close", sourceLocation: sourceLocation)
                let isFromLibrary = RequestHead.libraryChecksLines && answer.text.hasPrefix("<html>")
                #expect(answer.text.hasSuffix(" 0 \(fault)") || isFromLibrary, sourceLocation: sourceLocation)
            } catch Wire.Failure.closed where RequestHead.libraryChecksLines {
                // It gives no answer to a NUL in the request line.
            }
            #expect(try connection.isClosedByServer(), sourceLocation: sourceLocation)
            #expect(!paths.value.contains("/behind"), sourceLocation: sourceLocation)
            // The server is unharmed.
            #expect(try server.call(Call("GET", "/next")).status == 200, sourceLocation: sourceLocation)
        }
    }
}
