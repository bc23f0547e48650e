import Program
import Redis
import Store
import Testing

@testable import worksctl

/// What a command line of worksctl comes to.
struct InvocationTests {
    private func invocation(_ words: String..., environment: [String: String] = [:]) throws -> Invocation? {
        guard case .run(let invocation) = try Invocation.read(words, environment: { environment[$0] }) else {
            return nil
        }
        return invocation
    }

    private func printed(_ words: String...) throws -> String? {
        guard case .print(let text) = try Invocation.read(words, environment: { _ in nil }) else { return nil }
        return text
    }

    @Test func aFlagMayComeBeforeOrAfterTheCommandInEitherForm() throws {
        for words in [
            ["--redis=unix:///a", "verify"], ["--redis", "unix:///a", "verify"], ["verify", "--redis=unix:///a"],
        ] {
            guard case .run(let invocation) = try Invocation.read(words, environment: { _ in nil }) else {
                Issue.record("\(words) runs nothing")
                continue
            }
            #expect(invocation.command is Verify)
            #expect(invocation.store.address == RedisAddress(.unix(path: "/a")))
        }
    }

    @Test func theStoreIsTheOneOfTheFlagOrTheEnvironmentOrTheStandard() throws {
        let environment = ["WORKS_REDIS_URL": "unix:///b"]
        #expect(try invocation("verify")?.store.address == .standard)
        #expect(try invocation("verify", environment: environment)?.store.address == RedisAddress(.unix(path: "/b")))
        #expect(
            try invocation("verify", "--redis=unix:///a", environment: environment)?.store.address
                == RedisAddress(.unix(path: "/a"))
        )
    }

    @Test func commandsReadTheirOwnFlags() throws {
        let generate = try #require(try invocation("generate", "--count", "5")?.command as? Generate)
        #expect(generate.count == 5 && generate.seed == 1)
        for (age, seconds) in [("30d", 2_592_000), ("12h", 43_200), ("5m", 300), ("0s", 0)] {
            #expect((try invocation("purge", "--older-than", age)?.command as? Purge)?.ageSeconds == seconds)
        }
    }

    @Test(arguments: [
        ([], "no command given; see worksctl --help"),
        (["--redis=unix:///a"], "no command given; see worksctl --help"),
        (["nonsense"], "unknown command 'nonsense'; see worksctl --help"),
        (["-x"], "unknown command '-x'; see worksctl --help"),
        (["verify", "rebuild"], "unexpected argument 'rebuild'; see worksctl --help"),
        (["nonsense", "--help"], "unknown command 'nonsense'; see worksctl --help"),
        (["help", "nonsense"], "unknown command 'nonsense'; see worksctl --help"),
        (["help", "verify", "rebuild"], "unexpected argument 'rebuild'; see worksctl --help"),
        (["verify", "--nonsense"], "unknown flag --nonsense; see worksctl --help"),
        (["verify", "--count", "3"], "verify has no flag --count; see worksctl verify --help"),
        (["generate", "--count", "-1"], "--count: '-1' is not a whole number from 0 to 100000000"),
        (
            ["purge", "--older-than", "30"],
            "--older-than: '30' is not a whole number followed by d, h, m or s, for example 30d"
        ),
    ])
    func refusesInASentence(_ words: [String], _ sentence: String) {
        #expect(throws: Exit.usage(sentence)) { try Invocation.read(words, environment: { _ in nil }) }
    }

    @Test(arguments: [["--help"], ["-h"], ["help"], ["help", "-h"]])
    func explainsItself(_ words: [String]) throws {
        guard case .print(let help) = try Invocation.read(words, environment: { _ in nil }) else {
            Issue.record("\(words) prints nothing")
            return
        }
        for word in [
            "install", "status", "verify", "rebuild", "export", "import", "purge", "generate",
            "--older-than 30d | 12h | 5m | 0s",
            "--count N: how many works; default 1000", "--redis URL", "[WORKS_REDIS_URL]",
        ] {
            #expect(help.contains(word), "\(word)")
        }
        #expect(try printed("verify", "--version") == "worksctl \(Program.version)")
    }

    @Test(arguments: [
        ["purge", "--help"], ["purge", "-h"], ["help", "purge"], ["purge", "--older-than", "1d", "-h"],
    ])
    func explainsOneCommand(_ words: [String]) throws {
        guard case .print(let help) = try Invocation.read(words, environment: { _ in nil }) else {
            Issue.record("\(words) prints nothing")
            return
        }
        #expect(help.hasPrefix("usage: worksctl [--redis URL] purge [--FLAG VALUE]…\n"))
        for word in ["permanently remove works", "--older-than 30d | 12h | 5m | 0s: the minimum time", "--redis URL"] {
            #expect(help.contains(word), "\(word)")
        }
        #expect(!help.contains("rebuild") && !help.contains("--count"))
    }

    /// An error is told in a sentence, never as the code writes it, and a refusal of ours is not blamed on Redis.
    @Test(
        arguments: [
            (StoreError.unfit(.isReplica), Exit.failed(Unfitness.isReplica.description)),
            (StoreError.unfit(.evictsKeys), .failed(Unfitness.evictsKeys.description)),
            (StoreError.unfit(.hasOtherSchema(2)), .failed(Unfitness.hasOtherSchema(2).description)),
            (StoreError.unreachable, .unavailable(StoreError.unreachable.description)),
            (StoreError.damaged, .failed(StoreError.damaged.description)),
            (RedisError.timedOut, .unavailable(RedisError.timedOut.description)),
            (StoreError.rejected("NOPERM what"), .failed("Redis refused a command: NOPERM what")),
            (
                RedisError.rejected(.full("OOM what")),
                .failed("Redis is out of memory or cannot write to its disk: OOM what")
            ),
            (RedisError.rejected(.other("ERR what")), .failed("Redis refused a command: ERR what")),
            (
                RedisError.rejected(.misconfigured("NOAUTH Authentication required.")),
                .failed("Redis refused a command: NOAUTH Authentication required.")
            ),
            (Exit.usage("what"), .usage("what")),
        ] as [(any Error, Exit)]
    )
    func anErrorEndsInASentence(_ error: any Error, _ exit: Exit) {
        #expect(Exit(error) == exit)
    }
}
