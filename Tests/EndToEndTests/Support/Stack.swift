import Glibc
import TestSupport
import Testing

/// The whole service in one scratch directory, as it is deployed: Redis, workers, and nginx in front of them.
final class Stack: Sendable {
    /// What a test wants to differ from the usual stack.
    struct Options: Sendable {
        /// How many workers run behind nginx, on unix sockets.
        var workers = 2
        /// Adds a worker on a port, not behind nginx.
        var hasPortWorker = false
        var hasNginx = true
        /// Puts a fault proxy between the workers and Redis.
        var hasFaultProxy = false
        /// A gzipped RDB file of the repository that the store is loaded from; without one it starts empty.
        var dump: String?
        /// Prepares the store, as an operator does once.
        var isInstalled = true
        var redisSettings: [String: String] = [:]
        var workerSettings: [String: String] = [:]
        var nginxSettings: [String: String] = [:]

        /// One worker without nginx: enough for tests of the store.
        static var oneWorker: Self { Self(workers: 1, hasNginx: false) }
    }

    let directory: ScratchDirectory
    let redis: RedisServer
    let workers: [Worker]
    private let faultProxy: FaultProxy?
    private let nginxServer: NginxServer?
    /// Where nginx has the metrics of each worker.
    private let operatorAddress: SocketAddress

    init(_ options: Options = Options()) throws {
        directory = try ScratchDirectory()
        let dump = try options.dump.map { [directory] in try Deployment.unpack(dump: $0, in: directory) } ?? [:]
        redis = try Deployment.redis(in: directory, settings: options.redisSettings.merging(dump) { $1 })
        var storage = redis.socket
        if options.hasFaultProxy {
            storage = directory.file("proxy.sock")
            faultProxy = try FaultProxy(at: .unix(storage), before: redis.address)
        } else {
            faultProxy = nil
        }
        let url = Deployment.redisURL("works", Deployment.workerPassword, at: storage)
        let settings = ["WORKS_REDIS_URL": url, "WORKS_LOG": "text"].merging(options.workerSettings) { $1 }
        let sockets = (1...options.workers).map { [directory] in directory.file("worker-\($0).sock") }
        let addresses =
            sockets.map { SocketAddress.unix($0) } + (options.hasPortWorker ? [try SocketAddress.freePort()] : [])
        workers = try addresses.enumerated().map { [directory] index, address in
            try Worker("worker-\(index + 1)", at: address, in: directory, settings: settings)
        }
        operatorAddress = try SocketAddress.freePort()
        if options.hasNginx {
            let entry = try SocketAddress.freePort()
            let configuration = try Deployment.nginx(
                in: directory,
                listen: entry,
                operatorListen: operatorAddress,
                workers: sockets,
                settings: options.nginxSettings
            )
            nginxServer = try NginxServer(in: directory, configuration: configuration, address: entry)
        } else {
            nginxServer = nil
        }
        if options.isInstalled { try install() }
        for worker in workers {
            // On an inherited socket, a worker would wait for the store to be prepared before it answers.
            if !options.isInstalled { worker.closeListener() }
            try worker.start(untilReady: options.isInstalled)
        }
    }

    /// Runs a test on a stack of its own; if the test throws, the issue shows what the processes wrote.
    static func with(_ options: Options = Options(), _ test: @Sendable (Stack) async throws -> Void) async throws {
        let stack = try Stack(options)
        defer { stack.stop() }
        do { try await test(stack) } catch {
            Issue.record(error, "the processes wrote:\n\(stack.output())")
        }
    }

    var nginx: NginxServer {
        get throws {
            guard let nginxServer else { throw Missing("this stack has no nginx") }
            return nginxServer
        }
    }

    var proxy: FaultProxy {
        get throws {
            guard let faultProxy else { throw Missing("this stack has no fault proxy") }
            return faultProxy
        }
    }

    /// A client in front of nginx, like those of the service.
    var client: Client { get throws { Client(try nginx.address) } }

    /// A client of nginx's server for the operator, like Prometheus.
    var prometheus: Client { Client(operatorAddress) }

    /// The client of one worker, past nginx; an index beyond the last wraps around.
    func worker(_ index: Int) -> Client { workers[index % workers.count].client }

    /// Runs the operator's tool and returns how it ended and what it wrote.
    @discardableResult
    func worksctl(_ arguments: String...) throws -> (ending: Child.Ending, output: String) {
        let log = directory.file("worksctl-\(unique()).log")
        let url = Deployment.redisURL("worksadmin", Deployment.operatorPassword, at: redis.socket)
        let tool = try Tools.built("worksctl")
        let child = try Child("worksctl", tool, arguments, environment: ["WORKS_REDIS_URL": url], log: log)
        return (try child.wait(atMost: .seconds(60)), child.output())
    }

    func install() throws {
        let (ending, output) = try worksctl("install")
        guard ending == .exited(0) else { throw Missing("worksctl install: \(ending)\n\(output)") }
    }

    /// Expects that all hashes and indexes agree.
    func expectVerified(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let (ending, output) = try worksctl("verify")
        #expect(ending == .exited(0), "\(output)", sourceLocation: sourceLocation)
    }

    func output() -> String {
        // The workers last: they write the most, and a report may be cut off.
        let workers = workers.map { "\n--- \($0.name)\n\($0.output())" }.joined()
        return "--- nginx\n\(nginxServer?.output() ?? "")\n--- redis\n\(redis.output())" + workers
    }

    /// Ends everything.
    ///
    /// No client is connected when the workers are told to stop, so they have nothing to wait for; one that does not
    /// exit with 0 is a failure.
    private func stop() {
        nginxServer?.stop()
        for worker in workers {
            worker.client.closeConnections()
            worker.signal(SIGTERM)
        }
        for worker in workers where worker.isRunning {
            let ending = worker.stop()
            #expect(ending == .exited(0), "\(worker.name) wrote:\n\(worker.output())")
        }
        faultProxy?.end()
        redis.stop()
    }
}
