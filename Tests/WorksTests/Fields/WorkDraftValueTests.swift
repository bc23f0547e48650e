import JSON
import Testing
import Works

/// Which values each field of a work accepts when it is created; times have a suite of their own.
struct WorkDraftValueTests {
    private static let texts: [(name: String, length: ClosedRange<Int>)] = [
        ("user_id", 1...128), ("name", 1...255), ("description", 0...4096), ("lambda_id", 1...128),
        ("work_directory", 0...1024), ("main_class_name", 0...512), ("java_version", 0...32),
    ]

    private func value(of name: String, sent json: String) throws -> JSONValue? {
        try Body.leastWork.with(name, json).work().members()[name]
    }

    private func expectRefusal(_ name: String, _ json: String, _ reason: Refusal.Reason) {
        #expect(throws: Refusal.field(name, reason), "\(json.prefix(80))") {
            try Body.leastWork.with(name, json).work()
        }
    }

    /// The scalars of `unit` again and again, up to this many.
    private func text(of unit: String, scalars count: Int) -> String {
        let unit = Array(unit.unicodeScalars)
        return String(String.UnicodeScalarView((0..<count).map { unit[$0 % unit.count] }))
    }

    // MARK: Texts

    @Test(arguments: texts, ["x", "字", "😀", "e\u{301}", "\r\n-"])
    func boundsATextInUnicodeScalars(field: (name: String, length: ClosedRange<Int>), unit: String) throws {
        let longest = text(of: unit, scalars: field.length.upperBound)
        #expect(try value(of: field.name, sent: quoted(longest)) == .string(longest))
        let tooLong = text(of: unit, scalars: field.length.upperBound + 1)
        expectRefusal(field.name, quoted(tooLong), .tooLong(max: field.length.upperBound))
    }

    @Test(arguments: texts)
    func refusesNULInAText(name: String, length: ClosedRange<Int>) {
        for text in ["\0", "\0a", "a\0b", "a\0", String(repeating: "x", count: 5000) + "\0"] {
            expectRefusal(name, quoted(text), .holdsNUL)
        }
    }

    @Test(arguments: texts)
    func refusesOtherKindsThanText(name: String, length: ClosedRange<Int>) {
        for json in ["7", "0", "1.5", "true", "false", #"["x"]"#, #"[""]"#, "{}", #"{"a":"x"}"#] {
            expectRefusal(name, json, .not(.text(length)))
        }
    }

    @Test(arguments: [" ", " \t\r\n", "\u{85}", "\u{A0}", "\u{2028}", "\u{3000}", "\u{2003} "])
    func refusesWhiteSpaceAloneAsUserOrName(text: String) throws {
        expectRefusal("user_id", quoted(text), .blank(.text(1...128)))
        expectRefusal("name", quoted(text), .blank(.text(1...255)))
        for name in ["description", "lambda_id", "work_directory", "main_class_name", "java_version"] {
            #expect(try value(of: name, sent: quoted(text)) == .string(text), "\(name)")
        }
    }

    @Test(arguments: [" a ", "\u{200B}", "\u{FEFF}", "\u{7F}", "\u{1}", "用户", "\u{10FFFF}", #"\u0000"#])
    func acceptsEveryOtherText(text: String) throws {
        for name in ["user_id", "name", "description", "lambda_id"] {
            #expect(try value(of: name, sent: quoted(text))?.isExactly(text) == true, "\(name)")
        }
    }

    @Test func keepsTheUnicodeFormThatWasSent() throws {
        for text in ["\u{E9}", "e\u{301}", "\u{212A}", "ＡＢＣ", "\u{FDFA}"] {
            #expect(try value(of: "name", sent: quoted(text))?.isExactly(text) == true)
        }
    }

    // MARK: Choices

    private static let choices: [(name: String, values: [String], expected: Expected)] = [
        ("type", ["STREAMING", "BATCH"], .types),
        ("category", ["FLINK_SQL", "FLNK_JAR", "FLINK_JAR"], .categories),
        ("run_frequency", ["once", "hourly", "daily", "weekly"], .frequencies),
    ]

    @Test(arguments: choices)
    func givesBackAChoiceAsItWasWritten(name: String, values: [String], expected: Expected) throws {
        for choice in values {
            #expect(try value(of: name, sent: quoted(choice))?.isExactly(choice) == true)
        }
    }

    @Test(arguments: choices)
    func refusesAnyOtherSpellingOfAChoice(name: String, values: [String], expected: Expected) {
        for choice in values {
            let other = choice.lowercased() == choice ? choice.uppercased() : choice.lowercased()
            for text in [other, choice + " ", " " + choice, choice + "\0", String(choice.dropLast()), choice + choice] {
                expectRefusal(name, quoted(text), .not(expected))
            }
        }
        for json in [#"" ""#, #""OTHER""#, "0", "1.0", "true", #"["\#(values[0])"]"#, "{}"] {
            expectRefusal(name, json, .not(expected))
        }
    }

    @Test func refusesAChoiceThatIsOnlyCanonicallyEquivalent() {
        // U+212A, the Kelvin sign, is canonically equivalent to K.
        #expect("FLIN\u{212A}_SQL" == "FLINK_SQL")
        expectRefusal("category", #""FLIN\u212A_SQL""#, .not(.categories))
    }

    // MARK: Status

    @Test(arguments: [
        ("0", 0), ("7", 7), (#""0""#, 0), (#""7""#, 7), ("3.0", 3), ("30e-1", 3), ("-0", 0), ("0.0", 0), ("-0.0", 0),
    ])
    func readsAStatus(json: String, number: Int) throws {
        #expect(try value(of: "status", sent: json) == .integer(number))
    }

    @Test(arguments: [
        "-1", "8", "1.5", "7.000001", "99999999999", "1e300", "true", "false", "[1]", #"["1"]"#, "{}", #""8""#,
        #""-1""#, #""07""#, #"" 3""#, #""3 ""#, #""+3""#, #""3.0""#, #""3e0""#, #""0x3""#, #""٣""#, #""３""#,
        #""three""#, #"" ""#, #""null""#,
    ])
    func refusesAnyOtherStatus(json: String) {
        expectRefusal("status", json, .not(.status))
    }

    // MARK: Extra parameters

    @Test(arguments: [
        (#""-a 1, -b""#, ["-a 1, -b"]), (#""a""#, ["a"]), (#"" ""#, [" "]), (#""[\"a\"]""#, [#"["a"]"#]),
        (#"["a"]"#, ["a"]), (#"["a b","","c,d"]"#, ["a b", "", "c,d"]), (#"[""]"#, [""]), (#"["",""]"#, ["", ""]),
        (#"["a","a"]"#, ["a", "a"]),
    ])
    func keepsParametersAsTheyWereSent(json: String, params: [String]) throws {
        #expect(try value(of: "extra_params", sent: json) == .array(params.map(JSONValue.string)))
    }

    @Test(arguments: [
        "1", "0", "1.5", "true", "{}", #"{"a":"b"}"#, "[1]", "[null]", #"["a",null]"#, #"["a",1.5]"#, #"["a",true]"#,
        #"[["a"]]"#, "[[]]", "[{}]",
    ])
    func refusesParametersThatAreNotTexts(json: String) {
        expectRefusal("extra_params", json, .not(.extraParams))
    }

    @Test func boundsTheNumberOfParameters() throws {
        let most = Array(repeating: #""x""#, count: 256)
        let array = JSONValue.array(Array(repeating: .string("x"), count: 256))
        #expect(try value(of: "extra_params", sent: "[\(most.joined(separator: ","))]") == array)
        let tooMany = most + [#""x""#]
        expectRefusal("extra_params", "[\(tooMany.joined(separator: ","))]", .tooMany(max: 256))
    }

    @Test(arguments: ["x", "😀", "e\u{301}"])
    func boundsEachParameterInUnicodeScalars(unit: String) throws {
        let longest = text(of: unit, scalars: 4096)
        let tooLong = text(of: unit, scalars: 4097)
        #expect(try value(of: "extra_params", sent: quoted(longest)) == .array([.string(longest)]))
        let pair = try value(of: "extra_params", sent: #"["a",\#(quoted(longest))]"#)
        #expect(pair == .array([.string("a"), .string(longest)]))
        for json in [quoted(tooLong), #"["a",\#(quoted(tooLong))]"#] {
            expectRefusal("extra_params", json, .tooLong(max: 4096))
        }
    }

    @Test func refusesNULInAParameter() {
        for json in [#""\u0000""#, #"["a","b\u0000"]"#] { expectRefusal("extra_params", json, .holdsNUL) }
    }
}
