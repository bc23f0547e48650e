import Foundation
import Glibc
import TestSupport
import Testing

/// `deploy/run` where it is called in an unusual way or place.
@Suite(.startingProcesses) struct DeployRunCallTests {
    /// The settings of a service with the executables of the tests, and its address.
    private func settings() throws -> (settings: [String: String], address: SocketAddress) {
        let executables = URL(fileURLWithPath: try Tools.built("worksctl")).deletingLastPathComponent().path
        let address = try SocketAddress.freePort()
        let ports = [
            "PORT": DeployedService.port(of: address),
            "METRICS_PORT": DeployedService.port(of: try SocketAddress.freePort()),
        ]
        return (ports.merging(["WORKERS": "1", "WORKS_BIN_DIR": executables]) { $1 }, address)
    }

    private func waitUntilReady(_ run: Child, at address: SocketAddress) throws {
        try eventually("it is ready; it wrote:\n\(run.output())", within: .seconds(30)) {
            guard run.isRunning else { throw Missing("it ended:\n\(run.output())") }
            return try Client(address, keepsConnections: false).call("GET", "/readyz").status == 200
        }
    }

    @Test func runsInACheckoutWhosePathHasSpaces() throws {
        let checkout = try ScratchCheckout(named: "a check  out")
        let (settings, address) = try settings()
        let run = try checkout.start("exec deploy/run", settings: settings)
        try waitUntilReady(run, at: address)
        _ = try Client(address).create()
        for (directory, tool) in [(".", "deploy/worksctl"), ("/", "\(checkout.path)/deploy/worksctl")] {
            let verify = try checkout.start("cd \(directory); exec '\(tool)' verify", settings: settings)
            #expect(try verify.wait() == .exited(0), "\(verify.output())")
            #expect(verify.output().hasPrefix("1 works, 0 tasks"), "\(verify.output())")
        }
        let relative = settings.merging(["WORKS_DATA": "check  out/.works"]) { $1 }
        let link = "ln -s \"$PWD/deploy/worksctl\" ../worksctl; ln -s \"$PWD\" '../check  out'; cd ..; exec ./worksctl"
        let verify = try checkout.start(link + " verify", settings: relative)
        #expect(try verify.wait() == .exited(0), "\(verify.output())")

        let restart = try checkout.start("exec deploy/rolling-restart")
        #expect(try restart.wait() == .exited(0), "\(restart.output())")
        run.signal(SIGTERM)
        #expect(try run.wait() == .exited(0), "\(run.output())")
        #expect(DeployedService.processes(using: checkout.path) == [])
    }

    @Test func goesOnWhenNobodyReadsItsOutput() throws {
        let checkout = try ScratchCheckout()
        let (settings, address) = try settings()
        let first = checkout.directory.file("first")
        let run = try checkout.start("exec deploy/run > >(read -r line; echo \"$line\" >\(first))", settings: settings)
        try eventually("it says that it is ready", within: .seconds(30)) {
            try String(contentsOfFile: first, encoding: .utf8).hasPrefix("Ready at")
        }
        // From here on, each of its messages meets a closed pipe.
        for _ in 1...2 {
            let worker = try Client(address, keepsConnections: false).call("GET", "/livez")["X-Worker"] ?? ""
            let id = try #require(worker.split(separator: "-").last.flatMap { pid_t($0) }, "\(worker)")
            kill(id, SIGKILL)
            try eventually("another worker answers", within: .seconds(15)) {
                let answer = try Client(address, keepsConnections: false).call("GET", "/readyz")
                return answer.status == 200 && answer["X-Worker"] != worker
            }
        }
        run.signal(SIGTERM)
        #expect(try run.wait() == .exited(0))
        #expect(DeployedService.processes(using: checkout.path) == [])
    }

    @Test func warnsOfSettingsThatDoNotExist() throws {
        let checkout = try ScratchCheckout()
        var settings = try settings().settings
        settings.merge(["WORKS_DTAA": "/tmp/x", "WORKS_HOST": "a.b", "WORKS_ORIGIN": "https://a.b"]) { $1 }
        // These exist. There is no Redis, so that it ends soon.
        settings.merge(["WORKS_LOG": "text", "WORKS_HOSTS": "b.c", "WORKS_REDIS_URL": "redis://127.0.0.1:1"]) { $1 }
        let run = try checkout.start("exec deploy/run", settings: settings)
        #expect(try run.wait() == .exited(69))
        let pairs = [("WORKS_DTAA", "WORKS_DATA"), ("WORKS_HOST", "WORKS_HOSTS"), ("WORKS_ORIGIN", "WORKS_ORIGINS")]
        let warnings = run.output().split(separator: "\n").filter { $0.contains("has no effect") }
        #expect(
            warnings
                == pairs.map {
                    "worksctl: the environment variable \($0) is unknown and has no effect; did you mean \($1)?"
                }
        )
    }

    /// Each with what makes it so, run in the checkout before.
    @Test(arguments: [
        ("WORKS_DATA=/proc/works", "cannot create the directory WORKS_DATA: '/proc/works'"),
        ("mkdir -p .works/lock;", "cannot write to WORKS_DATA"),
        (": >.works;", "cannot create the directory WORKS_DATA"),
    ])
    func saysThatItCannotWrite(_ before: String, _ words: String) throws {
        let checkout = try ScratchCheckout()
        let run = try checkout.start("\(before) deploy/run", settings: try settings().settings)
        #expect(try run.wait() == .exited(73), "\(run.output())")
        #expect(run.output().contains("run: " + words), "\(run.output())")
        #expect(run.output().split(separator: "\n").count == 1, "\(run.output())")
    }
}
