import API
import Glibc
import HTTP
import HTTPServer
import Loop
import Program
import Redis
import Store

/// A worker's parts, from start to stop.
@LoopActor final class Worker {
    private let settings: Settings
    private let listener: Listener
    private let log: Log
    private let connection: StoreConnection
    private let service: Service
    private let server: HTTPServer
    private var storeNotes = StoreNotes()
    private var isCatchUpPlanned = false

    init(_ settings: Settings, on listener: Listener) {
        self.settings = settings
        self.listener = listener
        log = Log(settings.log, worker: settings.id)
        connection = StoreConnection(to: settings.redis, limits: settings.redisLimits)
        let service = Service(
            store: connection,
            settings: ServiceSettings(
                worker: settings.id,
                version: Program.version,
                offsetUnit: settings.offsetUnit,
                origins: settings.origins
            )
        )
        self.service = service
        server = HTTPServer(
            on: listener,
            limits: settings.httpLimits,
            timeoutAnswer: { service.timeoutAnswer(to: $0) },
            handler: { await service.respond(to: $0) }
        )
        observe()
    }

    /// Connects the parts to the log and the metrics.
    private func observe() {
        let (log, server) = (log, server)
        connection.onChange { [self] in note($0) }
        if settings.log != .off { service.onAnswer = { log.write($0) } }
        let start = ProcessUsage.microseconds(of: CLOCK_REALTIME)
        service.processUsage = { .now(connections: server.connectionCount, startMicroseconds: start) }
        var quota = EventQuota(10, in: .seconds(10))
        service.onInternalError = { requestID, cause in
            guard let omitted = quota.admit(at: .now) else { return }
            let addition = omitted > 0 ? " (\(omitted) such lines before it were omitted)" : ""
            log.event("request \(requestID) was answered with 500100: \(cause)\(addition)")
        }
    }

    /// Logs whether the store is usable.
    private func note(_ reason: String?) {
        if let line = storeNotes.line(for: reason, at: .now) { log.event(line) }
        guard storeNotes.isBehind, !isCatchUpPlanned else { return }
        isCatchUpPlanned = true
        Timer(after: StoreNotes.period) { [self] in
            isCatchUpPlanned = false
            note(storeNotes.reason)
        }
    }

    /// Serves from now on, until SIGTERM or SIGINT ends the process.
    func start() async throws {
        Signals.ignoreBrokenPipes()
        onFirstTermination { await self.stop() }
        for warning in Variables.warnings(about: Program.environmentNames) { log.event(warning) }
        await connection.firstAttempt()
        if InheritedSocket.descriptor != nil { await waitForStore() }
        guard !service.isDraining else { return }
        try server.start()
        log.event("version \(Program.version) listening on \(listener)")
    }

    private func stop() async {
        log.event("draining")
        service.isDraining = true
        await server.drain(for: settings.drainLimit)
        await connection.close()
        log.event("stopped")
        log.flush()
        exit(0)
    }

    /// Waits until the store is usable, for a limited time.
    ///
    /// On an inherited socket, this worker may be about to replace another one, and must not accept requests that the
    /// other could serve and this one cannot yet. After that time it serves anyway, to report what is wrong.
    private func waitForStore() async {
        let deadline = ContinuousClock.now + Self.storeWaitMax
        while !connection.isUsable, ContinuousClock.now < deadline { await Timer.sleep(for: .milliseconds(20)) }
    }

    /// Longer than `deploy/supervise` gives a new worker to become ready alongside the old one (8 s).
    private static let storeWaitMax = Duration.seconds(10)

    /// Calls `body` on the first SIGTERM or SIGINT; later ones are ignored.
    private func onFirstTermination(_ body: @escaping @LoopActor () async -> Void) {
        var isFirst = true
        Signals.on([SIGTERM, SIGINT]) { _ in
            guard isFirst else { return }
            isFirst = false
            LoopActor.start(body)
        }
    }
}
