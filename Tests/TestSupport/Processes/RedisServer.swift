import Glibc

/// A private redis-server on a unix socket, with its data in a directory of the test.
package final class RedisServer: Sendable {
    /// The user that the tests log in as, if Redis requires one.
    package struct User: Sendable {
        package let name: String
        package let password: String

        package init(name: String, password: String) {
            self.name = name
            self.password = password
        }
    }

    package let socket: String
    private let user: User?
    private let host: NetworkHost?
    private let executable: String
    private let arguments: [String]
    private let log: String
    private let process = Protected<Child?>(nil)

    /// Starts it with a configuration file; `settings` override it, and the tests' own commands come from `user`.
    package init(
        in directory: ScratchDirectory,
        configuration: String? = nil,
        settings: [String: String] = [:],
        user: User? = nil,
        on host: NetworkHost? = nil
    ) throws {
        executable = try Tools.system("redis-server")
        socket = directory.file("redis.sock")
        log = directory.file("redis.log")
        self.user = user
        self.host = host
        var all = ["port": "0", "unixsocket": socket, "dir": directory.path, "daemonize": "no", "logfile": ""]
        all.merge(settings) { _, new in new }
        let words = all.sorted { $0.key < $1.key }.flatMap { ["--\($0.key)", $0.value] }
        arguments = (configuration.map { [$0] } ?? []) + words
        try start()
    }

    package var address: SocketAddress { .unix(socket) }

    /// Starts it and waits until it has loaded its data.
    package func start() throws {
        let child = try Child("redis-server", executable, arguments, log: log, on: host)
        process.withLock { $0 = child }
        try eventually("redis-server answers") {
            guard child.isRunning else { throw Missing("redis-server ended:\n\(child.output())") }
            let reply = try command("PING")
            guard reply == .text("PONG") else { throw Missing("redis-server says \(reply)") }
            return true
        }
    }

    /// Ends it in order.
    package func stop() { _ = process.value?.stop() }

    /// Ends it at once.
    package func kill() { process.value?.kill() }

    /// Freezes it: connections stay open, nothing is answered.
    package func freeze() { process.value?.signal(SIGSTOP) }

    package func thaw() { process.value?.signal(SIGCONT) }

    package func output() -> String { process.value?.output() ?? "" }

    /// Sends one command on a connection of its own.
    @discardableResult
    package func command(_ words: String...) throws -> RedisProbe.Reply {
        let probe = try RedisProbe(to: address)
        if let user { try probe.command("AUTH", user.name, user.password) }
        return try probe.command(words)
    }
}
