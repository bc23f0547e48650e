import Redis
import Testing

@testable import Program

/// What each kind of option accepts, and how it explains itself.
struct OptionTests {
    private enum Color: String, CaseIterable {
        case red
        case green
        case blue
    }

    private struct Settings {
        var count = 7
        var wait = Duration.seconds(3)
        var delay = Duration.milliseconds(250)
        var color = Color.green
        var redis = RedisAddress.standard
    }

    private static let count = Option<Settings>.number("--most-items", 1...10, "items", into: \.count)
    private static let color = Option<Settings>.choice("--color", "the color", into: \.color)

    private func settings(_ option: Option<Settings>, _ text: String) throws(Exit) -> Settings {
        var settings = Settings()
        try option.apply(text, from: option.flag, to: &settings)
        return settings
    }

    @Test(arguments: [("1", 1), ("10", 10), ("07", 7)]) func aNumberInItsRangeIsAccepted(_ text: String, _ number: Int)
        throws
    {
        #expect(try settings(Self.count, text).count == number)
    }

    @Test(arguments: ["0", "11", "-1", "x", "", " 1", "1.0", "1e1", "99999999999999999999"])
    func anyOtherNumberIsRefused(_ text: String) {
        #expect(throws: Exit.usage("--most-items: '\(text)' is not a whole number from 1 to 10")) {
            try settings(Self.count, text)
        }
    }

    @Test func durationsHaveTheirUnit() throws {
        let wait = Option<Settings>.seconds("--wait", 0...60, "", into: \.wait)
        let delay = Option<Settings>.milliseconds("--delay", 0...60, "", into: \.delay)
        #expect(try settings(wait, "5").wait == .seconds(5))
        #expect(try settings(delay, "5").delay == .milliseconds(5))
        #expect(wait.explanation(Settings()) == "; default 3")
        #expect(delay.explanation(Settings()) == "; default 250")
    }

    @Test func aChoiceIsOneOfItsNames() throws {
        #expect(try settings(Self.color, "blue").color == .blue)
        #expect(throws: Exit.usage("--color: 'Blue' is not red, green or blue")) { try settings(Self.color, "Blue") }
        #expect(Self.color.form == "red | green | blue")
    }

    @Test func theStoreIsAnAddress() throws {
        let redis = Option<Settings>.redis(into: \.redis)
        #expect(redis.variable == "WORKS_REDIS_URL")
        #expect(try settings(redis, "unix:///a").redis == RedisAddress(.unix(path: "/a")))
        let refusal = #expect(throws: Exit.self) { try settings(redis, "redis://user:hush@host:x") }
        #expect(refusal?.sentence.hasPrefix("--redis: ") == true && refusal?.sentence.contains("hush") == false)
        #expect(redis.explanation(Settings()).hasSuffix("; default redis://127.0.0.1:6379/0 [WORKS_REDIS_URL]"))
    }

    @Test func theVariableIsNamedAfterTheFlag() {
        #expect(Self.count.variable == nil)
        #expect(Self.count.withVariable.variable == "WORKS_MOST_ITEMS")
        #expect(Self.count.withVariable.explanation(Settings()) == "items; default 7 [WORKS_MOST_ITEMS]")
        #expect(Self.count.explanation(Settings()) == "items; default 7")
    }
}
