import Foundation
import Glibc
import TestSupport
import Testing

/// `deploy/rolling-restart` where systemd runs the workers; a script stands in for `systemctl`.
@Suite(.startingProcesses) struct RestartOfUnitsTests {
    /// A `systemctl` that knows instance 7, which listens at `address`, and notes what it is asked to restart.
    private func systemctl(in directory: ScratchDirectory, listen: String) throws {
        let path = try directory.write(
            "systemctl",
            """
            #!/bin/sh
            case $* in
                "list-units --plain --no-legend works-worker@*.service")
                    echo 'works-worker@7.service loaded active running Works worker 7' ;;
                "show --property Listen works-worker@7.socket") echo 'Listen=\(listen) (Stream)' ;;
                "restart works-worker@7.service") echo "$2" >> '\(directory.file("restarted"))' ;;
                *) echo "unexpected: $*"; exit 1 ;;
            esac

            """
        )
        chmod(path, 0o755)
    }

    private func rollingRestart(in directory: ScratchDirectory) throws -> Child {
        let script = try Tools.repositoryFile("deploy/rolling-restart")
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let settings = [
            "PATH": "\(directory.path):\(path)", "WORKS_DATA": directory.file("nobody"),
            "http_proxy": "http://127.0.0.1:1",
        ]
        return try Child("rolling-restart", script, environment: settings, log: directory.file("output"))
    }

    /// Starts a worker there, and expects that the restart finds it ready.
    private func expectAsked(_ listen: String, _ address: String? = nil) async throws {
        try await Stack.with(Stack.Options(workers: 1, hasNginx: false)) { stack in
            let directory = stack.directory
            try systemctl(in: directory, listen: listen.replacing("DIRECTORY", with: directory.path))
            let url = Deployment.redisURL("works", Deployment.workerPassword, at: stack.redis.socket)
            var settings = ["WORKS_REDIS_URL": url]
            settings["WORKS_LISTEN"] = (address ?? listen).replacing("DIRECTORY", with: directory.path)
            let program = try Tools.built("works-worker")
            let worker = try Child("worker", program, environment: settings, log: directory.file("log"))
            try eventually("it listens: \(worker.output())") { worker.output().contains("listening on") }
            let restart = try rollingRestart(in: directory)
            #expect(try restart.wait(atMost: .seconds(40)) == .exited(0), "\(restart.output())")
            #expect(restart.output() == "Restarting works-worker@7.service\n")
            #expect(
                try String(contentsOfFile: directory.file("restarted"), encoding: .utf8) == "works-worker@7.service\n"
            )
            #expect(worker.stop() == .exited(0))
        }
    }

    @Test func asksAWorkerOnAUnixSocket() async throws {
        try await expectAsked("DIRECTORY/7.sock", "unix:DIRECTORY/7.sock")
    }

    @Test(arguments: ["127.0.0.1:PORT", "0.0.0.0:PORT", "[::1]:PORT", "[::]:PORT"])
    func asksAWorkerOnAnAddress(_ listen: String) async throws {
        guard case .port(let port) = try SocketAddress.freePort() else { return }
        try await expectAsked(listen.replacing("PORT", with: "\(port)"))
    }

    @Test(arguments: ["", "Listen"]) func saysThatASocketUnitListensNowhere(_ listen: String) throws {
        let directory = try ScratchDirectory()
        try systemctl(in: directory, listen: listen)
        let restart = try rollingRestart(in: directory)
        #expect(try restart.wait() == .exited(69))
        #expect(restart.output().contains("works-worker@7.socket does not listen"), "\(restart.output())")
        #expect(access(directory.file("restarted"), F_OK) != 0)
    }
}
