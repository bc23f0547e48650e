import Testing

@testable import JSON

/// The bytes that the writer makes of each kind of value.
struct JSONWriterTests {
    @Test(arguments: [
        ("", #""""#),
        ("name", #""name""#),
        ("测试作业 😀 é", #""测试作业 😀 é""#),
        ("\"", #""\"""#),
        ("\\", #""\\""#),
        ("a\"b\\c", #""a\"b\\c""#),
        ("\n\r\t\u{8}\u{c}", #""\n\r\t\b\f""#),
        ("\0\u{1}\u{b}\u{1f}", #""\u0000\u0001\u000b\u001f""#),
        (" /\u{7f}\u{2028}<>&'", "\" /\u{7f}\u{2028}<>&'\""),
        ("\"start", #""\"start""#),
        ("end\"", #""end\"""#),
    ])
    func escapesOnlyWhatItMust(text: String, json: String) {
        #expect(written { $0.string(text) } == json)
    }

    /// The writer scans eight bytes at a time, so each byte is tried at every position.
    @Test func findsWhatItMustEscapeAtEveryPosition() {
        for byte in UInt8.min..<0x80 {
            let scalar = Unicode.Scalar(byte)
            let escaped = written { $0.string(String(scalar)) }.dropFirst().dropLast()
            for count in 0..<20 {
                let (before, after) = (String(repeating: "測", count: count), String(repeating: "x", count: 20 - count))
                let text = before + String(scalar) + after + String(scalar)
                let expected = "\"" + before + escaped + after + escaped + "\""
                #expect(written { $0.string(text) } == expected)
                #expect(written { $0.string(Array(text.utf8).span) } == expected)
            }
        }
    }

    @Test func replacesBytesThatAreNotUTF8() {
        let bytes: [UInt8] = [0x61, 0xFF, 0x22, 0xE6, 0xB5]
        #expect(written { $0.string(bytes.span) } == "\"a\u{FFFD}\\\"\u{FFFD}\"")
        for count in 0..<20 {
            let (before, after) = (String(repeating: "a", count: count), String(repeating: "b", count: 19 - count))
            let bytes = Array(before.utf8) + [0xC3] + Array(after.utf8)
            #expect(written { $0.string(bytes.span) } == "\"\(before)\u{FFFD}\(after)\"")
        }
    }

    @Test(arguments: [
        (0, "0"), (7, "7"), (10, "10"), (99, "99"), (100, "100"), (-1, "-1"), (-10, "-10"),
        (1_234_567_890, "1234567890"),
        (Int.max, "9223372036854775807"), (Int.min, "-9223372036854775808"),
    ])
    func writesIntegers(number: Int, json: String) {
        #expect(written { $0.integer(number) } == json)
    }

    @Test func writesLiteralsAndRawJSONAsTheyAre() {
        let json = written {
            $0.literal("{\"data\":")
            $0.raw(#"["a","é"]"#)
            $0.literal(",\"none\":")
            $0.null()
            $0.literal("}")
        }
        #expect(json == #"{"data":["a","é"],"none":null}"#)
    }

    @Test func writesWhatTheReaderReadsBack() throws {
        let text = String(String.UnicodeScalarView((1...0x2FF).compactMap(Unicode.Scalar.init))) + "\0测😀"
        let json = written {
            $0.literal("{\"a\":")
            $0.string(text)
            $0.literal("}")
        }
        #expect(try JSONReader.object(Array(json.utf8)) == [JSONMember(name: "a", value: .string(text))])
    }
}

private func written(_ write: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    write(&json)
    return String(decoding: json.bytes, as: UTF8.self)
}
