import TestSupport
import Testing

/// Bodies that are not the JSON object they must be.
@Suite(.sharingAStack) struct MalformedJSONTests {
    private static let malformed = [
        "", " ", "null", "true", "1", "\"x\"", "[]", "[{}]", "{", "}", "{}}", "{}{}", "{} x", "x{}", "{a:1}", "{'a':1}",
        #"{"a"}"#, #"{"a":}"#, #"{"a":1 "b":2}"#, #"{"a":01}"#, #"{"a":.5}"#, #"{"a":1.}"#, #"{"a":+1}"#, #"{"a":0x1}"#,
        #"{"a":NaN}"#, #"{"a":Infinity}"#, #"{"a":-Infinity}"#, #"{"a":-}"#, #"{"a":nul}"#, #"{"a":True}"#,
        #"{"a":1,,}"#, "{,}", #"{"a":[,]}"#, #"{"a":[1,,]}"#, #"{"a":[1,,2]}"#, #"{"a":1},"#, #"{,"a":1}"#,
        #"{"a":1;}"#,
        #"{"name":"a","name":"b"}"#, #"{"name":"a","\u006eame":"b"}"#, #"{"extra_params":[{"a":1,"a":2}]}"#,
        #"{"a":"\ud800"}"#, #"{"a":"\udc00\ud800"}"#, #"{"a":"\ud800x"}"#, #"{"a":"\ud800\u0041"}"#, #"{"a":"\x41"}"#,
        #"{"a":"\u12"}"#, #"{"a":"\u12g4"}"#, #"{"a":"x}"#, #"{"a":"x\"}"#, "{\"a\":\"x\ny\"}", "{\"a\":\"\u{1}\"}",
        #"{/* no */"a":1}"#, "{\"a\":1} // no", "{\"a\":1}\u{0}", "{\"a\":\u{a0}1}",
    ]

    @Test(arguments: malformed) func refuses(_ text: String) throws {
        let client = try Shared.client
        expectRefusal(400_100, try client.call("POST", "/api/v1/works", text: text))
        expectRefusal(400_100, try client.call("PATCH", "/api/v1/works/abc", text: text))
        expectRefusal(400_100, try client.call("POST", "/api/v1/works/abc/tasks", text: text))
    }

    @Test(
        arguments: [
            [0xff], [0xc0, 0x80], [0xe4, 0xbd], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80],
            [0xf8, 0x88, 0x80, 0x80, 0x80],
            [0xe0, 0x80, 0x80], [0],
        ] as [[UInt8]]
    )
    func refusesWhatIsNoUTF8(_ bytes: [UInt8]) throws {
        let body = Array(#"{"name":""#.utf8) + bytes + Array("\"}".utf8)
        expectRefusal(400_100, try Shared.client.send(Call("POST", "/api/v1/works", body: body)))
        let utf16 = "{\"name\":\"x\"}".utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        expectRefusal(400_100, try Shared.client.send(Call("POST", "/api/v1/works", body: utf16)))
    }

    @Test func refusesNestingDeeperThan32() throws {
        let client = try Shared.client
        func nested(_ depth: Int) -> String {
            let inner = String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
            return draft().description.dropLast() + ",\"extra_params\":\(inner)}"
        }
        expectRefusal(400_101, try client.call("POST", "/api/v1/works", text: nested(32)), saying: "extra_params")
        expectRefusal(400_100, try client.call("POST", "/api/v1/works", text: nested(33)))
        let bomb = String(repeating: "[", count: 500_000)
        expectRefusal(400_100, try client.call("POST", "/api/v1/works", text: bomb))
        let objects = String(repeating: "{\"a\":", count: 100_000)
        expectRefusal(400_100, try client.call("POST", "/api/v1/works", text: objects))
    }

    /// Read, each of these arrays would take some fifty times as many bytes as it has here.
    @Test func refusesMoreValuesThanAWorkCanHave() throws {
        let arrays = Array(repeating: "[1]", count: 250_000).joined(separator: ",")
        let answer = try Shared.client.call("POST", "/api/v1/works", text: "{\"extra_params\":[\(arrays)]}")
        expectRefusal(400_100, answer, saying: "4096")
    }

    @Test(arguments: ["1e999", "-1e999", "99999999999999999999", "-99999999999999999999"])
    func survivesNumbersOutOfRange(_ number: String) throws {
        let text = String(draft().description.dropLast()) + ",\"status\":\(number)}"
        let answer = try Shared.client.call("POST", "/api/v1/works", text: text)
        expectRefusal(answer.code == 400_100 ? 400_100 : 400_101, answer)
    }

    @Test func acceptsOneTrailingCommaAndAnyBlanks() throws {
        let user = unique()
        let body =
            "\r\n\t {\"user_id\" : \"\(user)\" ,\n\"name\":\"a,]b,}c\\\",]\",\"description\":\",\",\"type\":\"BATCH\","
            + "\"category\":\"FLINK_SQL\",\"extra_params\":[\"x,\" ,\n \"],}\"\t, ] , }\n\n"
        let data = try expectSuccess(try Shared.client.call("POST", "/api/v1/works", text: body))
        #expect(data["name"] == "a,]b,}c\",]")
        #expect(data["description"] == ",")
        #expect(data["extra_params"] == ["x,", "],}"])
    }

    @Test func readsEscapes() throws {
        let text = #"{"name":"\u4f5c\u4e1a\ud83d\ude00\/\\\"\b\f\n\r\t","description":"\u00e9"}"#
        let changes = try Value(parsing: text)
        let body = "\(draft().without("name", "description"))".dropLast() + "," + text.dropFirst()
        let data = try expectSuccess(try Shared.client.call("POST", "/api/v1/works", text: String(body)))
        #expect(data["name"] == changes["name"])
        #expect(data["description"] == "é")
    }

    @Test(arguments: ["application/json", "text/plain", "application/x-www-form-urlencoded", "nonsense", ""])
    func readsJSONWhateverTheTypeSays(_ type: String) throws {
        let headers = type.isEmpty ? [:] : ["Content-Type": type]
        try expectSuccess(try Shared.client.call("POST", "/api/v1/works", draft(), headers: headers))
    }

    @Test(arguments: ["multipart/form-data; boundary=x", "Multipart/Mixed", "multipart/related"])
    func refusesMultipart(_ type: String) throws {
        let client = try Shared.client
        let headers = ["Content-Type": type]
        expectRefusal(415_100, try client.call("POST", "/api/v1/works", draft(), headers: headers))
        let work = try client.create()
        expectRefusal(415_100, try client.call("PATCH", work.path, ["status": 1], headers: headers))
        expectRefusal(415_100, try client.call("POST", work.path + "/tasks", ["status": 1], headers: headers))
    }

    /// `gzip --no-name` of `{}`.
    private static let compressed: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xAB, 0xAE, 0x05, 0x00, 0x43, 0xBF, 0xA6, 0xA3,
        0x02,
        0x00, 0x00, 0x00,
    ]

    @Test(arguments: [("gzip", compressed), ("deflate", Array("{}".utf8)), ("identity, br", Array("{}".utf8))])
    func refusesACompressedBody(_ encoding: String, _ body: [UInt8]) throws {
        let client = try Shared.client
        let headers = ["Content-Encoding": encoding]
        let work = try client.create()
        for (method, target) in [("POST", "/api/v1/works"), ("PATCH", work.path), ("POST", work.path + "/tasks")] {
            let answer = try client.send(Call(method, target, headers: headers, body: body))
            let message = expectRefusal(415_100, answer)
            #expect(message.contains("'Content-Encoding'"))
        }
        try expectSuccess(
            try client.call("POST", "/api/v1/works", draft(), headers: ["Content-Encoding": "identity"])
        )
    }

    @Test func survivesRandomBodies() throws {
        var random = SeededRandom(17)
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d800", "name", "\"a\"", "1", "null", " ", "\u{0}", "é",
        ]
        for _ in 0..<(100 * rounds) {
            let text = (0..<Int.random(in: 1...20, using: &random)).map { _ in random.pick(pieces) }.joined()
            let answer = try Shared.client.call("POST", "/api/v1/works", text: text)
            #expect([400_100, 400_101, 400_102].contains(answer.code), "\(text)\n\(answer)")
        }
    }
}
