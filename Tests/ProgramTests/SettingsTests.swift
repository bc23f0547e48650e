import HTTPServer
import Program
import Redis
import Testing

@testable import works_worker

/// What a command line of works-worker comes to.
struct SettingsTests {
    private func settings(_ words: String..., environment: [String: String] = [:]) throws -> Settings {
        guard case .run(let settings) = try Settings.read(words, environment: { environment[$0] }) else {
            throw Exit.failed("it would print something")
        }
        return settings
    }

    @Test func everythingHasADefault() throws {
        let settings = try settings()
        #expect(settings.listen == .tcp(host: "127.0.0.1", port: 8081))
        #expect(settings.redis == .standard)
        #expect(settings.drainLimit == .seconds(30))
    }

    @Test func flagsWinOverTheEnvironment() throws {
        let environment = ["WORKS_DRAIN_SECONDS": "1", "WORKS_IDLE_SECONDS": "2", "WORKS_REDIS_COMMAND_MS": "x"]
        let settings = try settings("--drain-seconds=3", "--redis-command-ms", "4", environment: environment)
        #expect(settings.drainLimit == .seconds(3))
        #expect(settings.httpLimits.idleTimeout == .seconds(2))
        #expect(settings.redisLimits.commandTimeout == .milliseconds(4))
    }

    @Test func aRefusalNamesTheFlagOrTheVariable() {
        #expect(throws: Exit.usage("--log: 'loud' is not json, text or off")) { try settings("--log", "loud") }
        #expect(throws: Exit.usage("WORKS_OFFSET_UNIT: 'rows' is not page or row")) {
            try settings(environment: ["WORKS_OFFSET_UNIT": "rows"])
        }
        #expect(throws: Exit.usage("--drain-seconds: '-1' is not a whole number from 0 to 3600")) {
            try settings("--drain-seconds", "-1")
        }
        #expect(throws: Exit.usage("unexpected argument '-x'; see works-worker --help")) { try settings("-x") }
    }
}
