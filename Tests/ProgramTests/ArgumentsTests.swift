import Testing

@testable import Program

/// How a command line is sorted into flags, values and words.
struct ArgumentsTests {
    private static let flags = ["--redis", "--count"]

    private func read(_ words: String...) throws(Exit) -> Arguments {
        try Arguments(words, of: "tool", flags: Self.flags)
    }

    /// The values that a command line gives, as two settings.
    private struct Given: Equatable {
        var redis = "-"
        var count = "-"
    }

    private func given(_ words: String..., environment: [String: String] = [:]) throws(Exit) -> Given {
        let options: [Option<Given>] = [
            Option("--redis", variable: "REDIS", form: "URL", help: "", into: \.redis) { $0 },
            Option("--count", form: "N", help: "", into: \.count) { $0 },
        ]
        var given = Given()
        try Arguments(words, of: "tool", flags: Self.flags).apply(options, environment: { environment[$0] }, to: &given)
        return given
    }

    @Test func aValueFollowsItsFlagOrAnEqualsSign() throws {
        #expect(try given("--redis", "a", "--count", "3") == Given(redis: "a", count: "3"))
        #expect(try given("--redis=a", "--count=3") == Given(redis: "a", count: "3"))
        #expect(try given("--redis=unix:///a?db=1") == Given(redis: "unix:///a?db=1"))
        #expect(try given("--redis=") == Given(redis: ""))
        #expect(try given("--redis", "") == Given(redis: ""))
    }

    @Test func aFlagWithAnEqualsSignLeavesTheNextWordAlone() throws {
        #expect(try read("--redis=a", "verify").words == ["verify"])
        #expect(try read("verify", "--redis=a").words == ["verify"])
        #expect(try read("--redis", "a", "verify").words == ["verify"])
    }

    @Test(arguments: ["-1", "--count", "--help", "-h", "-", "verify", "=", "a b"])
    func whateverFollowsAFlagIsItsValue(_ value: String) throws {
        let arguments = try read("--redis", value)
        #expect(arguments.words == [] && arguments.inquiry == nil)
        #expect(try given("--redis", value).redis == value)
    }

    @Test func otherWordsKeepTheirOrder() throws {
        #expect(try read("b", "--count", "1", "a", "-x", "").words == ["b", "a", "-x", ""])
    }

    @Test(arguments: [
        (["--nonsense"], "unknown flag --nonsense; see tool --help"),
        (["--nonsense=secret"], "unknown flag --nonsense; see tool --help"),
        (["--"], "unknown flag --; see tool --help"),
        (["--help=x"], "unknown flag --help; see tool --help"),
        (["--redis"], "--redis needs a value"),
        (["--redis", "a", "--redis", "a"], "--redis is given twice"),
        (["--redis=a", "--redis", "b"], "--redis is given twice"),
    ])
    func refusesInASentence(_ words: [String], _ sentence: String) {
        #expect(throws: Exit.usage(sentence)) { try Arguments(words, of: "tool", flags: Self.flags) }
    }

    @Test func anInquiryMakesTheRestIrrelevant() throws {
        #expect(try read("--help", "--nonsense").inquiry == .help)
        #expect(try read("verify", "-h", "--nonsense").inquiry == .help)
        #expect(try read("verify", "--version", "--help").inquiry == .version)
        #expect(throws: Exit.self) { try read("--nonsense", "--help") }
    }

    @Test func aFlagWinsOverItsVariable() throws {
        #expect(try given("--redis", "a", environment: ["REDIS": "b"]) == Given(redis: "a"))
        #expect(try given(environment: ["REDIS": "b"]) == Given(redis: "b"))
        #expect(try given(environment: ["COUNT": "b"]) == Given())
    }

    @Test func tellsWhichFlagsACommandDoesNotHave() throws {
        #expect(try read("--redis=a", "--count=1").flags(notIn: ["--redis"]) == ["--count"])
        #expect(try read("--count=1").flags(notIn: Self.flags) == [])
    }
}
