import Glibc
import TestSupport
import Testing

/// One works-worker: where it listens, and its process, which tests stop and start again.
///
/// As deployed, its listening socket belongs to another process, here the test, so that clients can connect while one
/// worker follows another. A worker on a port opens its own.
final class Worker: Sendable {
    let name: String
    let address: SocketAddress
    /// A client of this worker alone, past nginx.
    let client: Client
    private let settings: [String: String]
    private let log: String
    private let listener: Protected<Int32?>
    private let process = Protected<Child?>(nil)

    /// Prepares a worker; `settings` are environment variables.
    init(_ name: String, at address: SocketAddress, in directory: ScratchDirectory, settings: [String: String]) throws {
        self.name = name
        self.address = address
        self.settings = settings
        client = Client(address)
        log = directory.file("\(name).log")
        if case .unix = address {
            listener = Protected(try SocketAddress.listen(at: address))
        } else {
            listener = Protected(nil)
        }
    }

    deinit { closeListener() }

    /// Closes the test's copy of the socket: once its process is dead, no client can connect.
    func closeListener() {
        listener.withLock { listener in
            if let listener { close(listener) }
            listener = nil
        }
    }

    /// Its latest process.
    var child: Child? { process.value }

    var isRunning: Bool { child?.isRunning ?? false }

    /// Starts it and waits until it answers; with `untilReady`, until it can serve.
    func start(untilReady: Bool = true) throws { try replace(as: name, untilReady: untilReady) }

    /// Starts a process under another name beside the present one, and returns the old one, which goes on serving.
    @discardableResult
    func replace(as name: String, untilReady: Bool = true) throws -> Child? {
        let new = try spawn(as: name)
        let old = process.withLock { process in
            defer { process = new }
            return process
        }
        let fresh = Client(address, keepsConnections: false, patience: .seconds(2))
        try eventually("\(name) answers") {
            guard new.isRunning else { throw Missing("\(name) ended:\n\(new.output())") }
            let answer = try fresh.call("GET", untilReady ? "/readyz" : "/livez")
            return answer.status == 200 && answer["X-Worker"] == name
        }
        return old
    }

    /// Starts a process beside the present one, which stays the worker's; `changes` override settings.
    func spawn(as name: String, settings changes: [String: String] = [:]) throws -> Child {
        let identity = ["WORKS_LISTEN": address.description, "WORKS_ID": name]
        let own = settings.merging(identity) { $1 }.merging(changes) { $1 }
        let program = try Tools.built("works-worker")
        guard let listener = listener.value else { return try Child(name, program, environment: own, log: log) }
        // LISTEN_PID must be the worker's own process id, which the shell knows before it becomes the worker.
        let handed = own.merging(["LISTEN_FDS": "1"]) { $1 }
        let words = ["-c", "LISTEN_PID=$$ exec \"$0\"", program]
        return try Child(name, "/bin/sh", words, environment: handed, log: log, descriptors: [(3, listener)])
    }

    /// Waits until it has read everything sent to it before this call: it has answered a request sent after that.
    func catchUp() throws {
        try expectSuccess(try Client(address, keepsConnections: false).call("GET", "/livez"))
    }

    /// How many requests it has not answered yet, according to its metrics, besides the one for these.
    var requestsInProgress: Int {
        get throws {
            let metrics = try Client(address, keepsConnections: false).call("GET", "/metrics").text
            let match = metrics.firstMatch(of: #/\nworks_http_requests_in_progress (\d+)\n/#)
            guard let count = match.flatMap({ Int($0.1) }) else { throw Missing("the metric in\n\(metrics)") }
            return count - 1
        }
    }

    /// Waits until it has a request that awaits replies of the store, which are being held back.
    func waitUntilItAwaitsReplies() throws {
        try eventually("\(name) awaits replies of the store") { try requestsInProgress > 0 }
    }

    /// Waits until a draining worker on a port refuses connections.
    func waitUntilItRefuses() throws {
        try eventually("\(name) has closed its listener") { (try? Wire(to: address)) == nil }
    }

    /// Tells it to drain, and returns how it ended.
    @discardableResult
    func stop() -> Child.Ending? { child?.stop(atMost: .seconds(40)) }

    func kill() { child?.kill() }

    func signal(_ number: Int32) { child?.signal(number) }

    func output() -> String { child?.output() ?? "" }
}
