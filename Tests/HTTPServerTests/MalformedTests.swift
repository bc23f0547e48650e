import HTTP
import HTTPServer
import Loop
import TestSupport
import Testing

/// Requests that are not well formed.
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

    /// What the server itself finds wrong; the handler says so to the client.
    @Test(arguments: [
        Case("length, then encoding", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
        Case("encoding, then length", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"),
        Case("the same length twice", "Content-Length: 4\r\nContent-Length: 4\r\n"),
        Case("two lengths", "Content-Length: 4\r\nContent-Length: 40\r\n"),
        Case("a length in another case", "Content-Length: 4\r\ncontent-length: 0\r\n"),
        Case("an encoding we do not have", "Transfer-Encoding: gzip\r\n"),
        Case("one more encoding", "Transfer-Encoding: gzip, chunked\r\n"),
        Case("an encoding that says nothing", "Transfer-Encoding: identity\r\n"),
        Case("an empty encoding", "Transfer-Encoding:\r\n"),
        Case("almost the encoding", "Transfer-Encoding: xchunked\r\n"),
        Case("the encoding with a control byte", "Transfer-Encoding: \u{b}chunked\r\n"),
        Case("the encoding twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        Case("the encoding and another", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
        Case("two hosts", "Host: y\r\n"),
        Case("a control byte", "X: a\u{1}b\r\n"),
        Case("a DEL", "X: a\u{7f}b\r\n"),
        Case("a vertical tab", "X: \u{b}\r\n"),
        Case("a bare CR", "X: a\rY: b\r\n"),
        Case("a null character in the last field", "X: a\0b\r\n"),
        Case("a null character", "X: a\0b\r\nY: c\r\n"),
        Case("a null character at the end of a value", "X: a\0\r\nY: c\r\n"),
        Case("a null character before a length", "X: \0Content-Length: 4\r\nY: c\r\n"),
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
        Case("a name that is no token", "X(Y): z\r\n"),
        Case("a name beyond ASCII", "Größe: 4\r\n"),
        Case("a bare line feed", "X: a\nY: b\r\n"),
        Case("a bare line feed before a length", "X: a\nContent-Length: 4\r\n"),
    ])
    func isRefusedAndCutOff(malformed: Case) async throws {
        try await refusing {
            "POST /a HTTP/1.1\r\nHost: x\r\n\(malformed.head)\r\n"
        } answer: { answer in
            #expect(answer.text.hasSuffix(" malformed"))
        }
    }

    @Test(arguments: [
        Case("a null character in the target", "GET /a\0/b HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a null character in the query", "GET /a?b\0c HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a null character after the target", "GET /a\0 HTTP/1.1\r\nHost: x\r\n\r\n"),
        Case("a bare line feed after the request line", "GET /a HTTP/1.1\nHost: x\r\n\r\n"),
        Case("a field that begins with a space", "GET /a HTTP/1.1\r\n X: y\r\nHost: x\r\n\r\n"),
    ])
    func isRefusedForItsFirstLine(malformed: Case) async throws {
        try await refusing {
            malformed.head
        } answer: { answer in
            #expect(answer.text.hasSuffix(" malformed"))
        }
    }

    /// What libmicrohttpd refuses by itself, without a word to us.
    ///
    /// Nginx has refused it before.
    @Test(arguments: [
        Case("no host", "GET / HTTP/1.1\r\n\r\n"),
        Case("no colon", "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n"),
        Case("a null character in a name", "GET / HTTP/1.1\r\nHost: x\r\nX\0Y: z\r\n\r\n"),
        Case("a version of the past", "GET / HTTP/0.9\r\nHost: x\r\n\r\n"),
        Case("a version of the future", "GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
        Case("no version", "GET /\r\nHost: x\r\n\r\n"),
        Case("no number in the version", "GET / HTTP/1.x\r\nHost: x\r\n\r\n"),
        Case("a negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"),
        Case("a length with a sign", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\n"),
        Case("a length that is no number", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: four\r\n\r\n"),
        Case("a list of lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4, 4\r\n\r\n"),
        Case(
            "a length of more than 64 bits",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551616\r\n\r\n"
        ),
        Case(
            "a chunk size that is no number",
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
            // The head of such an answer may come twice in this version of the library, so it is read as it is.
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

    @Test func isCutOffWhenItsFirstLineIsNone() async throws {
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

    /// Bytes that are not UTF-8 say what they would say if they were escaped, and are not repaired.
    @Test func targetsThatAreNotUTF8StayWhatTheyAre() async throws {
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

    /// The check of the header is about where its lines lie in memory, so all ways to be split are tried.
    @Test func wellFormedHeadersPassHoweverTheyAreSplit() async throws {
        let bytes = Call("POST", "/a?b=c&d", headers: ["X-A": "1", "X-B": "", "Cookie": "a=b"], text: "12345").bytes
        try await withServer { server in
            let connection = try server.connect()
            for cut in 1..<bytes.count {
                try connection.wire.send(Array(bytes[..<cut]))
                // Lets the server read the first part by itself now and then, without a pause for each.
                if cut % 8 == 0 { pause(.milliseconds(2)) }
                try connection.wire.send(Array(bytes[cut...]))
                #expect(try connection.receive().text == "POST /a b=c&d 5 fine")
            }
        }
    }

    /// Sends a request and another behind it; the first is to be refused and the other to remain unanswered.
    private func refusing(_ request: () -> String, answer check: (Answer) throws -> Void) async throws {
        let paths = Protected<[String]>([])
        let handler: @LoopActor (Request) async -> Response = { request in
            paths.withLock { $0.append(request.path) }
            return await echo(request)
        }
        try await withServer(handler: handler) { server in
            let connection = try server.connect(patience: .seconds(5))
            try connection.send(raw: request() + "GET /behind HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try connection.receive()
            #expect((400...599).contains(answer.status))
            #expect(answer["Connection"]?.lowercased() == "close")
            try check(answer)
            #expect(try connection.isClosedByServer())
            #expect(!paths.value.contains("/behind"))
            // The server has taken no harm.
            #expect(try server.call(Call("GET", "/next")).status == 200)
        }
    }
}
