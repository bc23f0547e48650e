import CHiredis
import Testing

@testable import Redis

struct ReplyTests {
    @Test(
        arguments: [
            ("+OK\r\n", "\"OK\""),
            ("+\r\n", "\"\""),
            ("$5\r\nhello\r\n", "\"hello\""),
            ("$0\r\n\r\n", "\"\""),
            ("$-1\r\n", "null"),
            ("*-1\r\n", "null"),
            (":0\r\n", "0"),
            (":-9223372036854775808\r\n", "-9223372036854775808"),
            ("-ERR no\r\n", "error(ERR no)"),
            ("*0\r\n", "[]"),
            ("*3\r\n$1\r\na\r\n:2\r\n$-1\r\n", "[\"a\", 2, null]"),
            ("*2\r\n*2\r\n:1\r\n:2\r\n*1\r\n+x\r\n", "[[1, 2], [\"x\"]]"),
            ("*3\r\n*0\r\n*-1\r\n-WRONGTYPE key\r\n", "[[], null, error(WRONGTYPE key)]"),
            ("*2\r\n*2\r\n*1\r\n:1\r\n:2\r\n:3\r\n", "[[[1], 2], 3]"),
        ]
    )
    func readsEveryKind(_ wire: String, _ description: String) throws {
        #expect(try Parser.parse(wire).description == description)
    }

    @Test func readsRepliesThatArriveByteByByte() throws {
        let wire = "*4\r\n$5\r\nhello\r\n*2\r\n:12\r\n-ERR no\r\n$-1\r\n+end\r\n:7\r\n"
        let parser = try Parser()
        var replies: [String] = []
        for byte in wire.utf8 {
            parser.feed([byte])
            if let reply = try parser.next() { replies.append(reply.description) }
        }
        #expect(replies == ["[\"hello\", [12, error(ERR no)], null, \"end\"]", "7"])
    }

    @Test func readsLargeTexts() throws {
        let large = [UInt8](repeating: 0xa5, count: 3_000_000)
        let parser = try Parser()
        parser.feed(Array("*2\r\n$3000000\r\n".utf8) + large + Array("\r\n$1\r\nx\r\n+small\r\n".utf8))
        let reply = try #require(try parser.next())
        #expect(reply[0].bytes == large[...])
        #expect(reply[1].string == "x")
        #expect(try parser.next()?.string == "small")
    }

    @Test func keepsRepliesApart() throws {
        let parser = try Parser()
        parser.feed("*2\r\n$1\r\na\r\n$1\r\nb\r\n*1\r\n$1\r\nc\r\n".utf8)
        let first = try #require(try parser.next())
        let second = try #require(try parser.next())
        #expect(first.description == "[\"a\", \"b\"]")
        #expect(second.description == "[\"c\"]")
    }

    @Test func readsArraysInArraysUpToItsBound() throws {
        let eight = try Parser.parse(String(repeating: "*1\r\n", count: 8) + ":5\r\n")
        #expect(eight.description == "[[[[[[[[5]]]]]]]]")
        let nine = try Parser()
        nine.feed((String(repeating: "*1\r\n", count: 9) + ":5\r\n").utf8)
        #expect(throws: Parser.Refused.self) { try nine.next() }
    }

    /// hiredis 0.14 does not know them, and later versions would read them.
    @Test(
        arguments: [
            ",1.5\r\n", "#t\r\n", "(12345678901234567890\r\n", "=5\r\ntxt:a\r\n", "%1\r\n+a\r\n:1\r\n",
            "~1\r\n:1\r\n", ">1\r\n:1\r\n", "*1\r\n,1.5\r\n", "*1\r\n#t\r\n", "*1\r\n%1\r\n+a\r\n:1\r\n",
        ]
    )
    func refusesValuesOfRESP3(_ wire: String) throws {
        #expect(throws: Parser.Refused.self) { try Parser.parse(wire) }
    }

    @Test func refusesMoreElementsThanItsBound() throws {
        let within = try Parser()
        within.feed("*\(ReplyBuilder.nodesMax - 1)\r\n".utf8)
        #expect(try within.next() == nil)
        let beyond = try Parser()
        beyond.feed("*\(ReplyBuilder.nodesMax)\r\n".utf8)
        #expect(throws: Parser.Refused(words: "Out of memory")) { try beyond.next() }
    }

    @Test func readsMissingElementsAsNull() throws {
        let reply = try Parser.parse("*2\r\n+a\r\n*1\r\n+b\r\n")
        for absent in [reply[2], reply[-1], reply[Int.max], reply[0][0], reply[1][1], Reply.null[0]] {
            #expect(absent.isNull)
            #expect(absent.count == 0)
            #expect(absent.string == nil)
            #expect(absent.bytes.isEmpty)
            #expect(absent.integer == nil)
            #expect(!absent.is(""))
        }
    }

    @Test func readsOnlyTextsAsTexts() throws {
        let text = try Parser.parse("+a\r\n")
        #expect(text.string == "a")
        #expect(text.bytes == [97])
        for wire in [":1\r\n", "*1\r\n+a\r\n", "-a\r\n"] {
            let other = try Parser.parse(wire)
            #expect(other.string == nil)
            #expect(other.bytes.isEmpty)
            #expect(!other.is("a"))
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("7", 7), ("-7", -7), ("007", 7), ("1700000000123", 1_700_000_000_123),
            ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
            ("999999999999999999", 999_999_999_999_999_999), ("-1000000000000000000", -1_000_000_000_000_000_000),
            ("00000000000000000000012", 12), ("-0", 0), ("92233720368547758070", nil), ("99999999999999999x", nil),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("99999999999999999999", nil),
            ("", nil), ("-", nil), ("+1", nil), (" 1", nil), ("1 ", nil), ("1.0", nil), ("a", nil), ("--1", nil),
        ] as [(String, Int?)]
    )
    func readsIntegersInDecimalText(_ text: String, _ number: Int?) throws {
        #expect(try Parser.parse("+\(text)\r\n").integer == number)
    }

    @Test func comparesTextsByteForByte() throws {
        let reply = try Parser.parse("*3\r\n+status\r\n+作业\r\n+\r\n")
        #expect(reply[0].is("status"))
        #expect(!reply[0].is("statu"))
        #expect(!reply[0].is("status_"))
        #expect(!reply[0].is("Status"))
        #expect(reply[1].is("作业"))
        #expect(reply[2].is(""))
        #expect(!reply[1].is(""))
    }

    @Test func replacesInvalidUTF8() throws {
        let parser = try Parser()
        parser.feed(Array("$3\r\na".utf8) + [0xff, 0x62] + Array("\r\n".utf8))
        #expect(try parser.next()?.string == "a\u{fffd}b")
    }

    @Test func classifiesErrorsInsideArrays() throws {
        let reply = try Parser.parse("*2\r\n-READONLY You can't write\r\n+OK\r\n")
        #expect(reply[0].rejection == .readOnly)
        #expect(reply[1].rejection == nil)
    }

    /// hiredis aborts the process unless a reply that no command waits for looks like an error.
    @Test(arguments: [
        ("+OK\r\n", "Redis sent a reply to no command"), ("*1\r\n:1\r\n", "Redis sent a reply to no command"),
    ])
    func looksLikeAnErrorToHiredis(_ wire: String, _ words: String) throws {
        let parser = try Parser()
        parser.feed("-ERR first\r\n".utf8)
        _ = try parser.next()
        #expect(parser.header?.type == REDIS_REPLY_ERROR)
        #expect(parser.header.map { String(cString: $0.str) } == "ERR first")
        parser.feed(wire.utf8)
        _ = try parser.next()
        #expect(parser.header?.type == REDIS_REPLY_ERROR)
        #expect(parser.header.map { String(cString: $0.str) } == words)
    }

    @Test func cutsLongErrorsOnlyForHiredis() throws {
        let long = "ERR " + String(repeating: "x", count: 500)
        let parser = try Parser()
        parser.feed("-\(long)\r\n".utf8)
        #expect(try parser.next()?.errorText == long)
        #expect(parser.header.map { String(cString: $0.str) } == String(long.prefix(127)))
    }
}
