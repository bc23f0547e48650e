import TestSupport
import Testing

/// Settings of the worker and of the operator's tool: what is accepted, and what ends in exit status 64.
@Suite(.waiting) struct SettingsTests {
    /// EX_USAGE of sysexits.h.
    private static let usage = Child.Ending.exited(64)
    private static let good = ["WORKS_LISTEN": "unix:/tmp/never", "WORKS_REDIS_URL": "unix:///tmp/never"]

    private func run(_ program: String, _ arguments: [String], _ settings: [String: String]) throws -> (
        Child.Ending, String
    ) {
        let directory = try ScratchDirectory()
        let log = directory.file("log")
        let child = try Child(program, try Tools.built(program), arguments, environment: settings, log: log)
        return (try child.wait(), child.output())
    }

    @Test(arguments: [
        ("WORKS_LISTEN", "nonsense"), ("WORKS_LISTEN", "127.0.0.1"), ("WORKS_LISTEN", "127.0.0.1:99999"),
        ("WORKS_LISTEN", "127.0.0.1:x"), ("WORKS_LISTEN", "unix:"), ("WORKS_LISTEN", ":"),
        ("WORKS_LISTEN", "unix:/" + String(repeating: "x", count: 200)),
        ("WORKS_REDIS_URL", "nonsense"), ("WORKS_REDIS_URL", "http://127.0.0.1"), ("WORKS_REDIS_URL", "redis://h:x/0"),
        ("WORKS_REDIS_URL", "redis://127.0.0.1:6379/x"), ("WORKS_REDIS_URL", "unix://"),
        ("WORKS_REDIS_URL", "unix:///a?db=x"),
        ("WORKS_OFFSET_UNIT", "rows"), ("WORKS_LOG", "loud"), ("WORKS_DRAIN_SECONDS", "x"),
        ("WORKS_DRAIN_SECONDS", "-1"),
        ("WORKS_DRAIN_SECONDS", "99999999999999999999"), ("WORKS_ID", "a b"),
        ("WORKS_ORIGINS", "tools.corp"), ("WORKS_ORIGINS", "https://a,null"), ("WORKS_ORIGINS", "https://a/b"),
        ("WORKS_ORIGINS", "https://a,"), ("WORKS_ORIGINS", "https://a https://b"),
    ])
    func refusesBadSettingsInOneLine(_ name: String, _ value: String) throws {
        let (ending, output) = try run("works-worker", [], Self.good.merging([name: value]) { $1 })
        #expect(ending == Self.usage, "\(output)")
        #expect(output.hasSuffix("\n") && output.split(separator: "\n").count == 1, "\(output)")
        #expect(output.contains(name) || output.contains("--"), "it names the setting: \(output)")
    }

    @Test(arguments: [
        ["--nonsense"], ["--listen"], ["--listen", "nonsense"], ["--redis", "nonsense"], ["extra"], ["-x"],
    ])
    func refusesBadFlagsInOneLine(_ arguments: [String]) throws {
        let (ending, output) = try run("works-worker", arguments, Self.good)
        #expect(ending == Self.usage, "\(output)")
        #expect(output.hasSuffix("\n") && output.split(separator: "\n").count == 1, "\(output)")
    }

    @Test func writesNoPasswordInARefusal() throws {
        let settings = Self.good.merging(["WORKS_REDIS_URL": "redis://user:hush-hush@host:x"]) { $1 }
        #expect(try !run("works-worker", [], settings).1.contains("hush"))
    }

    @Test func warnsOfAVariableThatNobodyKnows() throws {
        let settings = Self.good.merging(["WORKS_REDIS_ULR": "redis://u:hush@h", "WORKS_DATA": "/tmp"]) { $1 }
        let words =
            "the environment variable WORKS_REDIS_ULR is unknown and has no effect; did you mean WORKS_REDIS_URL?"
        let (ending, output) = try run("worksctl", ["generate", "--count", "0"], settings)
        #expect(ending == .exited(0))
        #expect(output == "worksctl: \(words)\n")

        let directory = try ScratchDirectory()
        let listen = ["WORKS_LISTEN": "unix:" + directory.file("worker.sock")]
        let program = try Tools.built("works-worker")
        let environment = settings.merging(listen) { $1 }
        let worker = try Child("worker", program, environment: environment, log: directory.file("log"))
        try eventually("it warns; it wrote: \(worker.output())") {
            worker.output().contains("\"note\":\"\(words)\"}\n")
        }
        #expect(!worker.output().contains("hush") && !worker.output().contains("WORKS_DATA"))
        worker.stop()
    }

    @Test(arguments: ["--help", "-h"]) func describesItsSettings(_ flag: String) throws {
        let (ending, output) = try run("works-worker", [flag], [:])
        #expect(ending == .exited(0))
        for word in [
            "WORKS_LISTEN", "--listen", "WORKS_REDIS_URL", "--redis", "WORKS_OFFSET_UNIT", "WORKS_LOG", "WORKS_ID",
            "WORKS_DRAIN_SECONDS", "WORKS_ORIGINS",
        ] {
            #expect(output.contains(word), "\(word)")
        }
        let version = try run("works-worker", ["--version"], [:])
        #expect(version.0 == .exited(0))
        #expect(version.1.split(separator: "\n").count == 1)
    }

    @Test func theOperatorsToolRefusesUnknownCommandsAndFlags() throws {
        for arguments in [["nonsense"], ["verify", "--nonsense"], []] {
            #expect(try run("worksctl", arguments, Self.good).0 == Self.usage, "\(arguments)")
        }
        #expect(try run("worksctl", ["verify"], ["WORKS_REDIS_URL": "nonsense"]).0 == Self.usage)
        let (ending, output) = try run("worksctl", ["--help"], [:])
        #expect(ending == .exited(0))
        for word in ["install", "verify"] { #expect(output.contains(word)) }
    }

    @Test(arguments: ["install", "verify"]) func theOperatorsToolSaysWhenTheStoreIsNotThere(command: String) throws {
        let (ending, output) = try run("worksctl", [command], ["WORKS_REDIS_URL": "unix:///tmp/no-such-works-socket"])
        #expect(ending != .exited(0) && ending != .exited(1) && ending != Self.usage, "\(ending)")
        #expect(!output.isEmpty)
    }

    @Test func flagsWinOverTheEnvironment() throws {
        let directory = try ScratchDirectory()
        let redis = try RedisServer(in: directory, settings: ["maxmemory-policy": "noeviction"])
        let url = "unix://\(redis.socket)?db=3"
        #expect(try run("worksctl", ["install"], ["WORKS_REDIS_URL": url]).0 == .exited(0))
        let address = SocketAddress.unix(directory.file("worker.sock"))
        let worker = try Child(
            "worker",
            try Tools.built("works-worker"),
            ["--listen", address.description, "--redis", url],
            environment: ["WORKS_LISTEN": "nonsense", "WORKS_REDIS_URL": "nonsense", "WORKS_LOG": "off"],
            log: directory.file("log")
        )
        let client = Client(address)
        try eventually("it is ready; it wrote: \(worker.output())") { try client.call("GET", "/readyz").status == 200 }
        let work = try client.create()
        #expect(try client.work(work.path).data == work.data)
        #expect(try redis.command("DBSIZE") == .integer(0), "everything is in database 3")
        #expect(worker.stop() == .exited(0))
        #expect(worker.output().isEmpty, "WORKS_LOG=off")
        redis.stop()
    }

    @Test func logsWhereItReallyListens() async throws {
        try await Stack.with(.oneWorker) { stack in
            let worker = stack.workers[0]
            let other = try worker.spawn(as: "other", settings: ["WORKS_LISTEN": "127.0.0.1:8081"])
            // Both write to one log.
            try eventually("both say that they listen there; the log:\n\(other.output())") {
                other.output().split(separator: "\n").count { $0.hasSuffix(" listening on \(worker.address)") } == 2
            }
            #expect(other.stop() == .exited(0))
        }
    }

    @Test func refusesMoreThanOneInheritedSocket() throws {
        let directory = try ScratchDirectory()
        let worker = try Tools.built("works-worker")
        let words = ["-c", "LISTEN_FDS=2 LISTEN_PID=$$ exec \"$0\"", worker]
        let child = try Child("worker", "/bin/sh", words, environment: Self.good, log: directory.file("log"))
        #expect(try child.wait() == Self.usage)
        #expect(child.output() == "works-worker: LISTEN_FDS: 2 sockets were passed, but a worker listens on one\n")
    }

    @Test func speaksToRedisOnAPortWithAPassword() throws {
        let directory = try ScratchDirectory()
        guard case .port(let port) = try SocketAddress.freePort() else { return }
        let redis = try RedisServer(
            in: directory,
            settings: ["port": "\(port)", "requirepass": "p@ss:w/rd", "maxmemory-policy": "noeviction"],
            user: RedisServer.User(name: "default", password: "p@ss:w/rd")
        )
        let url = "redis://default:p%40ss%3Aw%2Frd@127.0.0.1:\(port)/0"
        #expect(try run("worksctl", ["install"], ["WORKS_REDIS_URL": url]).0 == .exited(0))
        let address = try SocketAddress.freePort()
        let settings = ["WORKS_LISTEN": address.description, "WORKS_REDIS_URL": url]
        let log = directory.file("log")
        let worker = try Child("worker", try Tools.built("works-worker"), environment: settings, log: log)
        let client = Client(address)
        try eventually("it is ready; it wrote: \(worker.output())") { try client.call("GET", "/readyz").status == 200 }
        _ = try client.create()
        #expect(try client.page("/api/v1/works").total == 1)
        #expect(worker.stop() == .exited(0))
        #expect(!worker.output().contains("p@ss") && !worker.output().contains("p%40ss"))
        redis.stop()
    }
}
