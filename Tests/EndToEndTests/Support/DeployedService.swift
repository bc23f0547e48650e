import Foundation
import Glibc
import TestSupport
import Testing

/// The whole service as `deploy/run` runs it, with two workers, and all state in a directory of the test.
final class DeployedService: Sendable {
    let address: SocketAddress
    /// Where nginx has the metrics of each worker.
    let operatorAddress: SocketAddress
    /// The state directory.
    let state: String
    /// A directory with links to the executables, which a test may replace.
    let executables: String
    let run: Child

    /// Starts it and waits until it reports that it is ready; `settings` are environment variables.
    ///
    /// A service that was stopped can be started again in its directory, `on` its address.
    init(
        in directory: ScratchDirectory,
        on address: SocketAddress? = nil,
        metricsAt operatorAddress: SocketAddress? = nil,
        settings: [String: String] = [:],
        untilReady: Bool = true
    ) throws {
        let address = try address ?? SocketAddress.freePort()
        self.address = address
        let operatorAddress = try operatorAddress ?? SocketAddress.freePort()
        self.operatorAddress = operatorAddress
        state = directory.file("state")
        executables = directory.file("bin")
        if !FileManager.default.fileExists(atPath: executables) { try Self.link(executables) }
        let log = directory.file("run-\(unique()).log")
        run = try Self.run(
            log: log,
            settings: [
                "PORT": Self.port(of: address), "METRICS_PORT": Self.port(of: operatorAddress), "WORKERS": "2",
                "WORKS_DATA": state, "WORKS_BIN_DIR": executables,
            ].merging(settings) { $1 }
        )
        guard untilReady else { return }
        try eventually("deploy/run is ready; it wrote:\n\(run.output())", within: .seconds(30)) {
            guard run.isRunning else { throw Missing("it ended:\n\(run.output())") }
            return run.output().contains("Ready at http://\(address) with 2 workers")
        }
    }

    /// Starts `deploy/run` with only these settings.
    static func run(_ arguments: [String] = [], log: String, settings: [String: String]) throws -> Child {
        let script = try Tools.repositoryFile("deploy/run")
        return try Child("deploy/run", script, arguments, environment: settings, log: log)
    }

    /// The port as `deploy/run` wants it.
    static func port(of address: SocketAddress) -> String {
        String(address.description.split(separator: ":").last ?? "")
    }

    /// Makes a directory with links to the executables.
    private static func link(_ directory: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for name in ["works-worker", "worksctl"] {
            let program = try Tools.built(name)
            try FileManager.default.createSymbolicLink(atPath: "\(directory)/\(name)", withDestinationPath: program)
        }
    }

    /// Starts `deploy/rolling-restart`.
    func rollingRestart() throws -> Child {
        let script = try Tools.repositoryFile("deploy/rolling-restart")
        return try Child("rolling-restart", script, environment: ["WORKS_DATA": state], log: "\(state)-\(unique()).log")
    }

    var client: Client { Client(address) }

    /// The processes of a program, by its name, that `deploy/run` has started.
    func processes(_ program: String) -> [pid_t] {
        let path = "/proc/\(run.pid)/task/\(run.pid)/children"
        let children = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return children.split(separator: " ").compactMap { pid_t($0) }.filter { child in
            (try? String(contentsOfFile: "/proc/\(child)/comm", encoding: .utf8)) == program + "\n"
        }
    }

    /// Waits until a worker that can serve requests answers one.
    func waitUntilReady(within patience: Duration = .seconds(15)) throws {
        try eventually("the service is ready; it wrote:\n\(run.output())", within: patience) {
            try Client(address, keepsConnections: false).call("GET", "/readyz").status == 200
        }
    }

    /// Sends a signal that stops it, and expects that it exits with 0 and leaves no process.
    func expectStop(
        _ signal: Int32 = SIGTERM,
        within patience: Duration = .seconds(20),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        run.signal(signal)
        #expect(try run.wait(atMost: patience) == .exited(0), sourceLocation: sourceLocation)
        #expect(Self.processes(using: state) == [], "it wrote:\n\(run.output())", sourceLocation: sourceLocation)
    }

    /// The processes that have a file in the directory open; every role has its log there.
    static func processes(using directory: String) -> [String] {
        let files = FileManager.default
        let processes = ((try? files.contentsOfDirectory(atPath: "/proc")) ?? []).filter { pid_t($0) != nil }
        return processes.filter { process in
            let descriptors = (try? files.contentsOfDirectory(atPath: "/proc/\(process)/fd")) ?? []
            return descriptors.contains { descriptor in
                let file = try? files.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\(descriptor)")
                return file?.hasPrefix(directory + "/") ?? false
            }
        }
    }
}
