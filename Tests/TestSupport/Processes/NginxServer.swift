import Glibc

/// A private nginx on a given configuration.
package final class NginxServer: Sendable {
    package let address: SocketAddress
    private let child: Child

    /// Starts it with a rendered configuration and waits until it listens at `address`.
    package init(
        in directory: ScratchDirectory,
        configuration: String,
        address: SocketAddress,
        on host: NetworkHost? = nil
    ) throws {
        self.address = address
        let log = directory.file("nginx.log")
        let arguments = ["-p", directory.path, "-c", configuration, "-e", log, "-g", "daemon off;"]
        let child = try Child("nginx", try Tools.system("nginx"), arguments, log: log, on: host)
        self.child = child
        try eventually("nginx listens at \(address); its output:\n\(child.output())") {
            guard child.isRunning else { throw Missing("nginx ended:\n\(child.output())") }
            _ = try Wire(to: address)
            return true
        }
    }

    package var isRunning: Bool { child.isRunning }

    package func output() -> String { child.output() }

    /// Reloads the configuration.
    package func reload() { child.signal(SIGHUP) }

    /// Stops it gracefully: it finishes its answers, then exits.
    package func stop() {
        child.signal(SIGQUIT)
        if (try? child.wait(atMost: .seconds(5))) == nil { child.kill() }
    }
}
