import Foundation
import Glibc
import TestSupport
import Testing

/// The one command that runs everything: what it starts, keeps, refuses, heals, and leaves behind.
@Suite(.startingProcesses) struct DeployRunTests {
    @Test func keepsItsDataAndRenewsItsLogs() throws {
        let directory = try ScratchDirectory()
        let first = try DeployedService(in: directory)
        let work = try first.client.create()
        // nginx itself refuses this method, and therefore logs it.
        expectRefusal(405_100, try first.client.call("TRACE", "/first-run"))
        try first.expectStop()
        let second = try DeployedService(in: directory, on: first.address)
        #expect(try second.client.work(work.path).data == work.data)
        let refused = first.state + "/nginx/refused.log"
        #expect(try String(contentsOfFile: refused, encoding: .utf8).isEmpty)
        #expect(try String(contentsOfFile: refused + ".1", encoding: .utf8).contains("/first-run"))
        try second.expectStop()
    }

    @Test(arguments: [SIGTERM, SIGINT]) func stopsInOrderUnderLoad(_ signal: Int32) async throws {
        let directory = try ScratchDirectory()
        let service = try DeployedService(in: directory)
        let load = Load(address: service.address, clients: 2, tolerance: .outages)
        let clients = try await load.run {
            try load.waitForRequests(20)
            try service.expectStop(signal)
        }
        let next = try DeployedService(in: directory, on: service.address)
        #expect(clients.map(\.requests).reduce(0, +) > 20)
        for client in clients { try client.expectKept(by: next.client) }
        try next.expectStop()
    }

    @Test func usesTheRedisItIsGiven() throws {
        let directory = try ScratchDirectory()
        let redis = try RedisServer(in: directory, settings: ["maxmemory-policy": "noeviction"])
        let url = "unix://\(redis.socket)?db=2"
        let service = try DeployedService(in: directory, settings: ["WORKS_REDIS_URL": url])
        _ = try service.client.create()
        #expect(service.processes("redis-server").isEmpty)
        try service.expectStop()
        #expect("\(try redis.command("INFO", "keyspace"))".contains("db2:"))
        redis.stop()
    }

    @Test func aBackupAsDescribedCanBeRestored() throws {
        let directory = try ScratchDirectory()
        let service = try DeployedService(in: directory)
        let work = try service.client.create()
        let backup = directory.file("backup")
        try FileManager.default.createDirectory(atPath: backup, withIntermediateDirectories: true)
        // The recipe is the first code block under its heading in the operator's handbook.
        let handbook = try String(contentsOfFile: Tools.repositoryFile("deploy/README.md"), encoding: .utf8)
        let section = try #require(handbook.components(separatedBy: "## Backup and restore\n").last)
        let block = try #require(section.components(separatedBy: "```sh\n").dropFirst().first)
        let recipe = try #require(block.components(separatedBy: "```").first)
            .replacing("/var/lib/redis/works", with: service.state + "/redis").replacing("/backup", with: backup)
        let copying = try Child("recipe", try Tools.system("bash"), ["-c", recipe], log: directory.file("recipe.log"))
        #expect(try copying.wait() == .exited(0), "\(copying.output())")
        _ = try service.client.patch(work, ["name": "changed after the backup"])
        try service.expectStop()

        let copy = try #require(copying.output().split(separator: "\n").last)
        #expect(copy.hasPrefix(backup), "it ends with the copy's name: \(copying.output())")
        let data = service.state + "/redis/appendonlydir"
        try FileManager.default.removeItem(atPath: data)
        try FileManager.default.copyItem(atPath: "\(copy)/appendonlydir", toPath: data)
        let restored = try DeployedService(in: directory)
        #expect(try restored.client.work(work.path).data == work.data)
        try restored.expectStop()
    }

    @Test func tellsWhereTheMetricsOfEachWorkerAre() throws {
        let directory = try ScratchDirectory()
        let service = try DeployedService(in: directory)
        try eventually("it tells; it wrote:\n\(service.run.output())") {
            service.run.output().contains("http://\(service.operatorAddress)/metrics/1")
        }
        for slot in 1...2 {
            let answer = try Client(service.operatorAddress).call("GET", "/metrics/\(slot)")
            #expect(answer.status == 200 && answer["X-Worker"]?.hasPrefix("\(slot)-") == true, "\(answer)")
        }
        try service.expectStop()
    }

    // MARK: What it refuses

    @Test(arguments: [
        ("PORT", "0"), ("PORT", "65536"), ("PORT", "http"), ("METRICS_PORT", "0"), ("METRICS_PORT", "65536"),
        ("METRICS_PORT", "http"), ("WORKERS", "0"), ("WORKERS", "65"),
        ("WORKS_DRAIN_SECONDS", "-1"), ("WORKS_LINGER_SECONDS", "2"), ("WORKS_IDLE_SECONDS", "2"),
        ("WORKS_REDIS_URL", "http://127.0.0.1"), ("WORKS_REDIS_URL", "redis://127.0.0.1:99999"),
        ("WORKS_BIN_DIR", "/nowhere"), ("WORKS_DATA", "/tmp/a;b"),
        ("WORKS_DATA", "/" + String(repeating: "x", count: 90)), ("WORKS_LOG", "loud"),
    ])
    func refusesABadSetting(_ name: String, _ value: String) throws {
        let directory = try ScratchDirectory()
        let service = try DeployedService(in: directory, settings: [name: value], untilReady: false)
        #expect(try service.run.wait() == .exited(64), "\(service.run.output())")
        #expect(service.run.output().contains(name), "\(service.run.output())")
        #expect(DeployedService.processes(using: service.state) == [])
    }

    @Test func refusesArguments() throws {
        let directory = try ScratchDirectory()
        let mistaken = try DeployedService.run(["start"], log: directory.file("log"), settings: [:])
        #expect(try mistaken.wait() == .exited(64))
        let asking = try DeployedService.run(["--help"], log: directory.file("help"), settings: [:])
        #expect(try asking.wait() == .exited(0))
        for word in ["PORT", "METRICS_PORT", "WORKERS", "WORKS_DATA", "WORKS_REDIS_URL"] {
            #expect(asking.output().contains(word))
        }
    }

    @Test func refusesWhatIsInUseOrMissing() throws {
        let directory = try ScratchDirectory()
        let service = try DeployedService(in: directory)
        let second = try DeployedService(in: directory, untilReady: false)
        #expect(try second.run.wait() == .exited(69))
        #expect(second.run.output().contains("already running on \(service.state) (process \(service.run.pid))"))
        let elsewhere = try ScratchDirectory()
        let free = try SocketAddress.freePort()
        let third = try DeployedService(in: elsewhere, on: service.address, untilReady: false)
        #expect(try third.run.wait() == .exited(69))
        #expect(third.run.output().contains("set PORT"))
        let fourth = try DeployedService(in: elsewhere, metricsAt: service.operatorAddress, untilReady: false)
        #expect(try fourth.run.wait() == .exited(69))
        #expect(fourth.run.output().contains("set METRICS_PORT"))
        let fifth = try DeployedService(in: elsewhere, on: free, metricsAt: free, untilReady: false)
        #expect(try fifth.run.wait() == .exited(64))
        #expect(fifth.run.output().contains("METRICS_PORT must differ from PORT"))
        try service.expectStop()

        let settings = ["WORKS_REDIS_URL": "unix:///tmp/no-such-works-socket"]
        let storeless = try DeployedService(in: elsewhere, settings: settings, untilReady: false)
        #expect(try storeless.run.wait() == .exited(69))
        #expect(DeployedService.processes(using: storeless.state) == [])
    }

    // MARK: What it does about processes that end

    @Test func startsAgainWhatIsKilled() async throws {
        let directory = try ScratchDirectory()
        let service = try DeployedService(in: directory)
        let load = Load(address: service.address, clients: 2, tolerance: .outages)
        let clients = try await load.run {
            for program in ["redis-server", "works-worker", "nginx"] {
                try load.waitForRequests(10)
                let before = service.processes(program)
                kill(try #require(before.first), SIGKILL)
                try eventually("\(program) is back; deploy/run wrote:\n\(service.run.output())", within: .seconds(10)) {
                    service.processes(program).count == before.count && service.processes(program) != before
                }
                try service.waitUntilReady()
            }
        }
        for client in clients { try client.expectKept(by: service.client) }
        #expect(clients.map(\.requests).reduce(0, +) > 20)
        let output = service.run.output()
        for role in ["redis", "nginx", "worker-"] { #expect(output.contains("\n\(role)"), "\(output)") }
        #expect(!output.contains("line "), "no words of the shell's own: \(output)")
        try service.expectStop()
    }

    @Test func stopsAtOnceWhileNginxIsAway() throws {
        let directory = try ScratchDirectory()
        let service = try DeployedService(in: directory)
        // It was started a moment ago, so it is not started again at once.
        kill(try #require(service.processes("nginx").first), SIGKILL)
        try eventually("it is missed") { service.run.output().contains("nginx ended") }
        try service.expectStop(within: .seconds(8))
        #expect(!service.run.output().contains("killing"), "\(service.run.output())")
    }

    @Test func aSignalEndsTheBuild() throws {
        let directory = try ScratchDirectory()
        let log = directory.file("log")
        // A compiler that never ends, in a process of its own like the real one. That process itself reports that it
        // runs: from then on, no signal to the group can miss it.
        let compiler = "echo building; exec sleep 300 >\(log).compiler"
        try directory.write("swift", "#!/bin/sh\n/bin/sh -c '\(compiler)'\nexit 1\n")
        chmod(directory.file("swift"), 0o755)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let state = directory.file("state")
        let settings = [
            "PATH": "\(directory.path):\(path)", "PORT": DeployedService.port(of: try SocketAddress.freePort()),
            "METRICS_PORT": DeployedService.port(of: try SocketAddress.freePort()), "WORKS_DATA": state,
        ]
        let run = try DeployedService.run(log: log, settings: settings)
        try eventually("it builds; it wrote:\n\(run.output())") { run.output().contains("building") }
        run.signal(SIGTERM)
        #expect(try run.wait(atMost: .seconds(5)) == .exited(0))
        #expect(DeployedService.processes(using: directory.path) == [], "neither the compiler nor the lock stays")
    }
}
