import CLinux
import CMicrohttpd
public import HTTP
public import Loop

/// An HTTP/1.1 server on GNU libmicrohttpd, driven by the event loop.
///
/// libmicrohttpd parses and frames; a complete request is suspended there while a task on the loop works out the
/// answer. This class owns the daemon's handle; a ``Peer`` owns the state of one connection, an ``Exchange`` that of
/// one request.
@LoopActor public final class HTTPServer {
    let limits: HTTPLimits
    private let handler: @LoopActor (Request) async -> Response
    /// Makes the answer to a request that does not arrive in time, given the request if its header has arrived.
    private let timeoutAnswer: @LoopActor (Request?) -> Response

    private var daemon: OpaquePointer?
    private var listener: Listener
    private var watch: Watch?
    private var hook: EventLoop.Hook?
    /// Whether the daemon has work that its descriptor does not announce, such as a queued answer.
    ///
    /// Like the properties of ``EventLoop`` it is used in each round, and not checked for exclusive access.
    @exclusivity(unchecked) private var needsRun = false
    private var peers: [ObjectIdentifier: Peer] = [:]

    /// The requests that the handler is working on.
    private(set) var requestsInProgress = 0
    /// The requests that are arriving, in progress, or being answered.
    private var requestsOpen = 0
    /// When the last request of a draining server ended, or its draining began.
    private var lastActivity = ContinuousClock.now
    public private(set) var isDraining = false

    /// Makes a server that accepts no connections yet.
    ///
    /// - Parameters:
    ///   - listener: the socket that connections come from.
    ///   - limits: the bounds of the server.
    ///   - timeoutAnswer: makes the answer to a request that does not arrive within ``HTTPLimits/arrivalTimeout``,
    ///     given the request as far as it has arrived; nil if not even its header has.
    ///   - handler: makes the answer to each complete request, and to each request with a fault.
    public init(
        on listener: Listener,
        limits: HTTPLimits,
        timeoutAnswer: @escaping @LoopActor (Request?) -> Response,
        handler: @escaping @LoopActor (Request) async -> Response
    ) {
        self.listener = listener
        self.limits = limits
        self.timeoutAnswer = timeoutAnswer
        self.handler = handler
    }

    /// How many connections are open.
    public var connectionCount: Int {
        daemon.map { Int(works_http_connection_count($0)) } ?? 0
    }

    /// Starts to accept connections.
    ///
    /// The loop's hook keeps the server until ``drain(for:)`` is over, so that the daemon's callbacks always find it.
    ///
    /// - Throws: ``ListenError`` if libmicrohttpd does not start.
    public func start() throws(ListenError) {
        var callbacks = callbacks
        let connectionMemoryBytes = limits.targetBytesMax + limits.headerBytesMax + Self.connectionOverheadBytes
        guard
            let daemon = works_http_start(
                listener.descriptor,
                UInt32(limits.connectionsMax),
                UInt32(limits.idleTimeout.components.seconds),
                connectionMemoryBytes,
                &callbacks
            )
        else { throw ListenError(description: "libmicrohttpd does not start") }
        self.daemon = daemon
        watch = Watch(works_http_epoll_descriptor(daemon), for: .readable) { [unowned self] _ in needsRun = true }
        hook = LoopActor.loop.afterJobs { [self] in runDaemon() }
        tick()
    }

    /// Stops accepting connections, lets the open requests finish, and closes everything.
    ///
    /// From now on answers carry `Connection: close`. Idle connections are left for nginx to close, so that no request
    /// is sent on a closed one; those that stay idle for ``HTTPLimits/lingering`` are closed here.
    ///
    /// - Parameter limit: how long requests may take to finish; those that take longer are abandoned.
    public func drain(for limit: Duration) async {
        isDraining = true
        lastActivity = .now
        if let daemon { _ = MHD_quiesce_daemon(daemon) }
        close(listener.descriptor)
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline, !isQuiet {
            await Timer.sleep(for: .milliseconds(20))
        }
        stop()
    }

    private var isQuiet: Bool {
        requestsOpen == 0 && (connectionCount == 0 || lastActivity + limits.lingering < .now)
    }

    /// Frees the daemon, unless it still has suspended requests, with which it would crash: in that case the process is
    /// about to end anyway.
    private func stop() {
        guard requestsInProgress == 0, let daemon else { return }
        watch?.cancel()
        hook?.remove()
        hook = nil
        self.daemon = nil
        MHD_stop_daemon(daemon)
    }

    // MARK: The daemon's turns

    /// Lets libmicrohttpd read, call back and write.
    ///
    /// Its sockets are edge-triggered, so it must be asked whether it left work undone: otherwise it would wait for an
    /// event that has already happened.
    private func runDaemon() -> Bool {
        guard let daemon, needsRun else { return false }
        needsRun = false
        MHD_run(daemon)
        var milliseconds: UInt64 = 0
        if MHD_get_timeout(daemon, &milliseconds) == .YES && milliseconds == 0 { needsRun = true }
        return needsRun
    }

    /// Once a second: idle connections time out in the daemon, slow requests here.
    private func tick() {
        guard daemon != nil else { return }
        needsRun = true
        let now = ContinuousClock.now
        for peer in peers.values where peer.isOverdue(now: now, limit: limits.arrivalTimeout) {
            peer.expire(with: timeoutAnswer(peer.arrivingRequest))
        }
        Timer(after: .seconds(1)) { [self] in tick() }
    }

    // MARK: Connections and requests

    /// Called with a new connection; one task serves it to its end.
    func connectionOpened(_ connection: OpaquePointer) -> Peer {
        let peer = Peer(connection, of: self)
        peers[ObjectIdentifier(peer)] = peer
        LoopActor.start { [self] in await serve(peer) }
        return peer
    }

    func connectionClosed(_ peer: Peer) {
        peers[ObjectIdentifier(peer)] = nil
        requestClosed(on: peer)
        peer.connectionClosed()
    }

    func requestOpened(_ target: Exchange.Target, on peer: Peer) {
        requestsOpen += 1
        peer.requestOpened(target)
    }

    /// Closes the open request, on its completion or at the end of its connection, whichever comes first.
    func requestClosed(on peer: Peer) {
        guard peer.hasOpenRequest else { return }
        peer.requestClosed()
        requestsOpen -= 1
        if isDraining { lastActivity = .now }
    }

    /// Accepts a complete request, whose connection is suspended, for its connection's task.
    func accept(_ exchange: Exchange) {
        requestsInProgress += 1
        exchange.peer.deliver(exchange)
    }

    /// Answers the requests of a connection through the handler, one after another, until the connection ends.
    ///
    /// One task serves all of them: a task per request would cost more than most requests do.
    private func serve(_ peer: Peer) async {
        while let exchange = await peer.nextExchange() {
            var response = await handler(exchange.request)
            response.closes = response.closes || isDraining
            exchange.answer(response)
            requestsInProgress -= 1
            needsRun = true
        }
    }

    /// The memory that libmicrohttpd needs besides a request's own bytes: 64 bytes per field, and the answer's head.
    ///
    /// With target and header at their limits, and an answer whose `Link` field repeats such a target twice, it is
    /// enough for 100 fields, which is their limit; libmicrohttpd itself refuses a request with several times as many.
    /// It is no larger because libmicrohttpd clears a connection's memory after every request: with 64 busy
    /// connections, that memory is not in the processor's cache, and each further 16 KiB costs 10 % of the processor
    /// time of a short request.
    private static let connectionOverheadBytes = 24 << 10
}
