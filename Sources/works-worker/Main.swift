import API
import Glibc
import HTTP
import HTTPServer
import Loop
import Redis
import Store

/// One worker: a process with one thread and no state.
@main enum Main {
    static func main() {
        let settings: Settings
        switch Settings.read(arguments: Array(CommandLine.arguments.dropFirst()), environment: { environment($0) }) {
        case .settings(let read): settings = read
        case .print(let text):
            print(text)
            exit(0)
        case .refuse(let sentence): end("works-worker: \(sentence)", status: EX_USAGE)
        }
        do {
            let listener = try openListener(settings.listen)
            LoopActor.start { await serve(settings, on: listener) }
        } catch {
            end("works-worker: \(error)", status: EX_OSERR)
        }
        LoopActor.loop.run()
    }

    /// A socket from the service manager goes before one of our own.
    private static func openListener(_ address: ListenAddress) throws(ListenError) -> Listener {
        guard isSocketInherited else { return try Listener(address) }
        return try Listener(inherited: firstInheritedDescriptor)
    }

    private static var isSocketInherited: Bool {
        environment("LISTEN_PID") == String(getpid()) && environment("LISTEN_FDS").flatMap { Int($0) } ?? 0 > 0
    }

    @LoopActor private static func serve(_ settings: Settings, on listener: Listener) async {
        Signals.ignoreBrokenPipes()
        let log = Log(settings.log, worker: settings.id)
        let connection = StoreConnection(to: settings.redis, limits: settings.redisLimits)
        connection.onChange { problem in log.note(problem.map { "store unusable: \($0)" } ?? "store usable") }
        let service = Service(
            store: connection,
            settings: ServiceSettings(worker: settings.id, version: Settings.version, offsetUnit: settings.offsetUnit)
        )
        if settings.log != .off { service.onAnswer = { log.write($0) } }
        let server = HTTPServer(
            on: listener,
            limits: settings.httpLimits,
            timeoutAnswer: { service.timeoutAnswer(to: $0) },
            handler: { await service.respond(to: $0) }
        )
        service.gauges = {
            ProcessGauges(connections: server.connectionCount, residentBytes: ProcessMemory.residentBytes())
        }
        onTermination {
            log.note("draining")
            service.isDraining = true
            await server.drain(for: settings.drainLimit)
            await connection.close()
            log.note("stopped")
            log.flush()
            exit(0)
        }
        await connection.firstAttempt()
        if isSocketInherited { await waitForUse(of: connection) }
        guard !service.isDraining else { return }
        do {
            try server.start()
            log.note("version \(Settings.version) listening on \(settings.listen)")
        } catch {
            end("works-worker: \(error)", status: EX_OSERR)
        }
    }

    /// Waits until the store can be used, up to a bound.
    ///
    /// On an inherited socket there may be another worker, which this one is to replace, and it must not take requests
    /// from it that it cannot serve yet. Beyond the bound it serves all the same, to say what is wrong.
    @LoopActor private static func waitForUse(of connection: StoreConnection) async {
        let deadline = ContinuousClock.now + storeWaitMax
        while !connection.isUsable, ContinuousClock.now < deadline { await Timer.sleep(for: .milliseconds(20)) }
    }

    /// Longer than `deploy/supervise` gives a new worker to become ready beside the old one (8 s).
    private static let storeWaitMax = Duration.seconds(10)

    /// Runs `body` at the first SIGTERM or SIGINT; asking again changes nothing.
    @LoopActor private static func onTermination(_ body: @escaping @LoopActor () async -> Void) {
        var isFirst = true
        Signals.on([SIGTERM, SIGINT]) { _ in
            guard isFirst else { return }
            isFirst = false
            LoopActor.start(body)
        }
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    private static func end(_ line: String, status: Int32) -> Never {
        let bytes = Array((line + "\n").utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
        exit(status)
    }

    /// `SD_LISTEN_FDS_START` of sd_listen_fds(3).
    private static let firstInheritedDescriptor: Int32 = 3
}
