import Testing

@testable import JSON

/// What the reader accepts, how it reads it, and what it refuses.
struct JSONReaderTests {
    @Test(arguments: [
        (#"{"a":null}"#, JSONValue.null),
        (#"{"a":true}"#, .bool(true)),
        (#"{"a":false}"#, .bool(false)),
        (#"{"a":0}"#, .integer(0)),
        (#"{"a":-0}"#, .integer(0)),
        (#"{"a":9223372036854775807}"#, .integer(.max)),
        (#"{"a":-9223372036854775808}"#, .integer(.min)),
        (#"{"a":1.0}"#, .real(1)),
        (#"{"a":1e0}"#, .real(1)),
        (#"{"a":1e-999}"#, .real(0)),
        (#"{"a":-2.5E+1}"#, .real(-25)),
        (#"{"a":""}"#, .string("")),
        (#"{"a":"测试作业"}"#, .string("测试作业")),
        (#"{"a":"\u6d4b\ud83d\ude00"}"#, .string("测😀")),
        (#"{"a":"\"\\\/\b\f\n\r\t"}"#, .string("\"\\/\u{8}\u{c}\n\r\t")),
        (#"{"a":"x\u0000y"}"#, .string("x\0y")),
        (#"{"a":"e\u0301"}"#, .string("e\u{301}")),
        (#"{"a":[]}"#, .array([])),
        (#"{"a":[1,"b",[null]]}"#, .array([.integer(1), .string("b"), .array([.null])])),
        (#"{"a":{}}"#, .object([])),
        (#"{"a":{"b":{"c":1}}}"#, .object([member("b", .object([member("c", .integer(1))]))])),
        (" \t\r\n{ \"a\" : 1 } \n", .integer(1)),
    ])
    func readsEveryKindOfValue(text: String, value: JSONValue) throws {
        #expect(try read(text) == [member("a", value)])
    }

    @Test func distinguishesKeysThatUnicodeCallsEquivalent() throws {
        let composed = try read("{\"é\":1,\"e\u{301}\":2}")
        #expect(composed.map { Array($0.name.utf8) } == [Array("é".utf8), Array("e\u{301}".utf8)])
    }

    @Test func keepsTheOrderOfAppearance() throws {
        let names = ["z", "a", "m", "", "b", "Z", "名", "work_id", "y", "c"]
        let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
        #expect(try read(text).map(\.name) == names)
    }

    @Test func keepsTheOrderOfManyKeys() throws {
        let names = (0..<1000).map { "key\($0 * 7919 % 1000)" }
        let text = "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
        #expect(try read(text).map(\.name) == names)
    }

    @Test func readsTheEmptyObject() throws {
        #expect(try read("{}").isEmpty)
    }

    @Test(arguments: [
        (#"{"a":1,}"#, JSONValue.integer(1)),
        ("{\"a\":1 ,\r\n\t}", .integer(1)),
        (#"{"a":"b",}"#, .string("b")),
        (#"{"a":null,}"#, .null),
        (#"{"a":[1,]}"#, .array([.integer(1)])),
        (#"{"a":["-Doptions fdfdf", ]}"#, .array([.string("-Doptions fdfdf")])),
        (#"{"a":[[1,],],}"#, .array([.array([.integer(1)])])),
        (#"{"a":{"b":1,},}"#, .object([member("b", .integer(1))])),
        (#"{"a":",]",}"#, .string(",]")),
        (#"{"a":"\",}",}"#, .string("\",}")),
        (#"{"a":"\\",}"#, .string("\\")),
    ])
    func toleratesOneTrailingComma(text: String, value: JSONValue) throws {
        #expect(try read(text) == [member("a", value)])
    }

    @Test(arguments: [
        #"{"a":[,]}"#, #"{"a":[1,,]}"#, #"{"a":[,1]}"#, #"{"a":[1,,2]}"#, #"{,}"#, #"{"a":1,,}"#, #"{,"a":1}"#,
        #"{"a",}"#,
        #"{"a":,}"#, #"{"a":[1,}"#, #"{"a":1,]"#, #"{"a":1},"#, #",{"a":1}"#, #"{"a":1,"#, #"{"a":[1, ,]}"#,
    ])
    func refusesEveryOtherStrayComma(text: String) {
        #expect(refusal(of: text)?.isMalformed == true)
    }

    @Test(arguments: [
        "{", "}", "{]", "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{a:1}", "{'a':1}", "{\"a\":1 \"b\":2}", "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}", "{\"a\":1.}", "{\"a\":1e}", "{\"a\":-}", "{\"a\":0x1}", "{\"a\":NaN}", "{\"a\":Infinity}",
        "{\"a\":-Infinity}", "{\"a\":nul}", "{\"a\":True}", "{\"a\":undefined}", "{\"a\":\"x}", "{\"a\":\"\\\"}",
        "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\n\"}", "{\"a\":\"\t\"}", "{\"a\":\"\0\"}", "{\"a\":1}\0",
        "\0", "{\"a\":1\0}",
        "{\"a\":null\0}", "{\"a\":null\0,}", "{\"a\":\0null}", "\0{}",
        "{\"a\":1} x", "{\"a\":1}{}", "{\"a\":1}]", "// a\n{}", "{/**/}", "\u{FEFF}{}", "\u{A0}{}", "{\"a\":1}\u{B}",
    ])
    func refusesWhatIsNotJSON(text: String) {
        #expect(refusal(of: text)?.isMalformed == true)
    }

    @Test(arguments: [
        #""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\ud800""#, #""\ude00\ud83d""#, #""\ud800\u0041""#,
    ])
    func refusesLoneSurrogates(text: String) {
        #expect(refusal(of: "{\"a\":\(text)}")?.isMalformed == true)
    }

    @Test(
        arguments: [
            [0x80], [0xFF], [0xC3], [0xC3, 0x28], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]]
    )
    func refusesInvalidUTF8(bytes: [UInt8]) {
        #expect(refusal(of: Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8)) == .notUTF8)
        #expect(refusal(of: Array("{\"".utf8) + bytes + Array("\":1}".utf8)) == .notUTF8)
    }

    @Test(arguments: ["[]", "[{}]", "\"text\"", "1", "-1.5", "true", "false", "null", "[1,]"])
    func refusesJSONThatIsNotAnObject(text: String) {
        #expect(refusal(of: text) == .notAnObject)
    }

    @Test(arguments: ["", " ", "\r\n\t "])
    func refusesAnEmptyText(text: String) {
        #expect(refusal(of: text) == .empty)
    }

    @Test(arguments: [
        #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"\u0061":3}"#, #"{"b":{"a":1,"a":2}}"#, #"{"b":[{"a":1,"a":2}]}"#,
    ])
    func refusesRepeatedKeys(text: String) {
        #expect(refusal(of: text) == .repeatedKey)
    }

    @Test func refusesNULInAKey() {
        #expect(refusal(of: #"{"a\u0000b":1}"#) == .nulInKey)
    }

    @Test(arguments: [
        "9223372036854775808", "-9223372036854775809", "1e999", "-1e999", "1" + String(repeating: "0", count: 400),
    ])
    func refusesNumbersOutOfRange(number: String) {
        #expect(refusal(of: "{\"a\":\(number)}") == .numberOutOfRange)
    }

    @Test func nestsToTheLimitAndNoDeeper() throws {
        #expect(try read(nested(depth: 32)).count == 1)
        #expect(refusal(of: nested(depth: 33)) == .tooDeep(max: 32))
        #expect(refusal(of: nested(depth: 200_000)) == .tooDeep(max: 32))
        #expect(refusal(of: String(repeating: "{\"a\":", count: 100_000)) == .tooDeep(max: 32))
    }

    /// The outermost object and its first value count once, as do the array and its first element.
    @Test(arguments: [
        (#"{"a":[1,2,3]}"#, 4), (#"{"a":1,"b":2,}"#, 3), (#"{"a":[[],[]]}"#, 5), (#"{"a":"[,{"}"#, 1), ("{}", 1),
    ])
    func refusesTooManyValues(text: String, count: Int) throws {
        let bytes = Array(text.utf8)
        _ = try JSONReader.object(bytes, valuesMax: count)
        #expect(throws: JSONError.tooManyValues(max: count - 1)) {
            try JSONReader.object(bytes, valuesMax: count - 1)
        }
    }

    @Test func ignoresBracketsInStrings() throws {
        let brackets = String(repeating: "[{", count: 100)
        #expect(try read("{\"a\":\"\(brackets)\"}") == [member("a", .string(brackets))])
        #expect(try read("{\"a\":[" + String(repeating: "[],", count: 100) + "]}").count == 1)
    }

    @Test(arguments: [
        ("{\"a\":x}", 1, 6), ("{\n  \"a\": 1,\n  \"b\" 2\n}", 3, 7), ("{\"名\":x}", 1, 6),
        ("{\"a\":[1, ],\"b\":x}", 1, 16),
    ])
    func reportsWhereTheErrorIs(text: String, line: Int, column: Int) {
        #expect(refusal(of: text) == .malformed(line: line, column: column))
    }

    @Test func refusesEveryPrefixOfAGoodText() {
        for length in good.indices {
            #expect(refusal(of: Array(good[..<length])) != nil)
        }
        #expect(refusal(of: good) == nil)
    }

    /// A damaged text may still be JSON if the byte is ASCII; otherwise it must be refused, and never crash the reader.
    @Test func survivesEveryFlippedByte() {
        for index in good.indices {
            for byte: UInt8 in [0x00, 0xC3, 0xFF, 0x22, 0x2C, 0x3A, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D] {
                var damaged = good
                damaged[index] = byte
                let refused = refusal(of: damaged) != nil
                #expect(refused || (0x20..<0x80).contains(byte))
            }
        }
    }
}

private let good = Array(#"{"a":[1,-2.5e3,"\u6d4b\ud83d\ude00",null,],"b":{"c":true,},"d":"x\\\"y",}"#.utf8)

private func member(_ name: String, _ value: JSONValue) -> JSONMember {
    JSONMember(name: name, value: value)
}

private func read(_ text: String) throws(JSONError) -> [JSONMember] {
    try JSONReader.object(Array(text.utf8))
}

private func refusal(of text: String) -> JSONError? {
    refusal(of: Array(text.utf8))
}

private func refusal(of bytes: [UInt8]) -> JSONError? {
    do {
        _ = try JSONReader.object(bytes)
        return nil
    } catch {
        return error
    }
}

/// An object that holds nested arrays, `depth` deep in all.
private func nested(depth: Int) -> String {
    "{\"a\":" + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
}

extension JSONError {
    fileprivate var isMalformed: Bool {
        if case .malformed = self { true } else { false }
    }
}
