import Foundation
package import Glibc

/// A process of a test: it and everything it starts end no later than this object.
package final class Child: Sendable {
    package enum Ending: Equatable, Sendable {
        case exited(Int32)
        case killed(by: Int32)
    }

    package let name: String
    package let pid: pid_t
    /// The file that receives its standard output and standard error.
    package let log: String
    private let state = Protected<Ending?>(nil)

    /// Starts a program, which inherits `descriptors` under the given numbers; if a host is given, it runs there.
    package init(
        _ name: String,
        _ executable: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        log: String,
        descriptors: [(child: Int32, own: Int32)] = [],
        on host: NetworkHost? = nil
    ) throws {
        self.name = name
        self.log = log
        let command = try host?.command(executable, arguments) ?? (executable, arguments)
        pid = try spawnProcess(
            command.0,
            command.1,
            environment: Self.environment(with: environment),
            output: log,
            descriptors: descriptors
        )
        Reaper.shared.began(pid)
    }

    deinit { kill() }

    /// How it ended, or nil while it runs.
    package var ending: Ending? {
        state.withLock { ending in
            if ending == nil { ending = reap() }
            return ending
        }
    }

    package var isRunning: Bool { ending == nil }

    /// Sends a signal to the process alone, unless it has ended.
    package func signal(_ number: Int32) {
        state.withLock { ending in
            if ending == nil { _ = Glibc.kill(pid, number) }
        }
    }

    /// Waits for it to end by itself.
    @discardableResult
    package func wait(atMost patience: Duration = .seconds(20)) throws -> Ending {
        try eventually("\(name) has ended; its output:\n\(output())", within: patience) { ending != nil }
        guard let ending else { throw TimedOut(description: "\(name) runs") }
        return ending
    }

    /// Asks it to end, and kills it if it does not.
    @discardableResult
    package func stop(atMost patience: Duration = .seconds(20)) -> Ending? {
        signal(SIGTERM)
        let ending = try? wait(atMost: patience)
        if ending == nil { kill() }
        return ending
    }

    /// Kills it and its group without asking, as the kernel does when memory runs out.
    package func kill() {
        state.withLock { ending in
            guard ending == nil else { return }
            Glibc.kill(-pid, SIGKILL)
            while ending == nil {
                ending = reap()
                if ending == nil { pause(.milliseconds(1)) }
            }
        }
    }

    /// What it has written; only the last 8000 bytes of a longer output.
    package func output() -> String {
        guard let data = FileManager.default.contents(atPath: log) else { return "" }
        return String(decoding: data.suffix(8000), as: UTF8.self)
    }

    /// Collects the process if it has ended; the rest of its group ends with it.
    private func reap() -> Ending? {
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        Glibc.kill(-pid, SIGKILL)
        Reaper.shared.ended(pid)
        let signal = status & 0x7f
        return signal == 0 ? .exited(status >> 8 & 0xff) : .killed(by: signal)
    }

    /// The tests' own environment without the service's settings, so that nothing outside decides a test.
    private static func environment(with changes: [String: String]) -> [String] {
        var environment = ProcessInfo.processInfo.environment
        for name in environment.keys where name.hasPrefix("WORKS_") || name.hasPrefix("LISTEN_") {
            environment[name] = nil
        }
        environment["SWIFT_BACKTRACE"] = "enable=no"
        environment.merge(changes) { _, new in new }
        return environment.map { "\($0.key)=\($0.value)" }
    }
}
