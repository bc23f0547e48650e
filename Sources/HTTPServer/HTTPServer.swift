import CLinux
import CMicrohttpd
package import HTTP
package import Loop

/// The bounds of a server.
///
/// Nginx in front of it has the same ones.
package struct HTTPLimits: Sendable {
    package var bodyBytesMax = 1 << 20
    package var targetBytesMax = 8 << 10
    package var headerBytesMax = 32 << 10
    package var connectionsMax = 4096
    /// Requests that wait for their answer at the same time; more are refused as overload.
    package var requestsMax = 4096
    /// How long a connection may rest.
    ///
    /// Longer than nginx keeps one, so that only nginx closes them.
    package var idleTimeout = Duration.seconds(75)
    /// How long a request may take to arrive whole.
    package var arrivalTimeout = Duration.seconds(60)
    /// How long all must have been quiet before a draining server takes its last idle connections for abandoned.
    ///
    /// Longer than nginx keeps an idle connection, so that no request is under way on one.
    package var lingering = Duration.seconds(3)

    package init() {}
}

/// An HTTP/1.1 server on GNU libmicrohttpd, driven by the event loop.
///
/// libmicrohttpd parses and frames; a request that has arrived is suspended there while a task on the loop works out
/// the answer. This class owns the daemon handle; an ``Exchange`` owns what belongs to one request, a ``Peer`` what
/// belongs to one connection.
@LoopActor package final class HTTPServer {
    let limits: HTTPLimits
    let handler: @LoopActor (Request) async -> Response
    /// What goes out when a request does not arrive in time, of which there is the header at best; written to the socket
    /// as it is.
    let timeoutAnswer: @LoopActor (Request?) -> Response

    private var daemon: OpaquePointer?
    private var listener: Listener
    private var watch: Watch?
    /// Whether the daemon has something to do that its descriptor does not tell: an answer was queued.
    private var needsRun = false
    private var peers: [ObjectIdentifier: Peer] = [:]

    /// Requests that the handler is at work on.
    private(set) var requestsInProgress = 0
    /// Those, the ones that are still arriving, and the ones whose answers are still going out.
    private var requestsOpen = 0
    /// When the last request of a draining server ended, or its draining began.
    private var lastActivity = ContinuousClock.now
    package private(set) var isDraining = false

    /// A server that is not listening yet.
    ///
    /// - Parameters:
    ///   - listener: where to take connections.
    ///   - limits: the bounds of the server.
    ///   - timeoutAnswer: makes the answer to a request that does not arrive within ``HTTPLimits/arrivalTimeout``; of
    ///     the request there is what has arrived, nil if its header has not.
    ///   - handler: called once for each request; what it returns goes out.
    package init(
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
    package var connectionCount: Int {
        daemon.map { Int(works_http_connection_count($0)) } ?? 0
    }

    /// Starts to take connections.
    ///
    /// The server lives until ``drain(for:)`` is over.
    package func start() throws(Listener.Problem) {
        var callbacks = works_http_callbacks(
            context: Unmanaged.passUnretained(self).toOpaque(),
            access: requestAdvanced,
            completed: requestCompleted,
            connection: connectionChanged,
            target: targetArrived
        )
        let connectionMemoryBytes = limits.targetBytesMax + limits.headerBytesMax + Self.connectionOverheadBytes
        guard
            let daemon = works_http_start(
                listener.descriptor,
                UInt32(limits.connectionsMax),
                UInt32(limits.idleTimeout.components.seconds),
                connectionMemoryBytes,
                &callbacks
            )
        else { throw Listener.Problem(description: "libmicrohttpd does not start") }
        self.daemon = daemon
        watch = Watch(works_http_epoll_descriptor(daemon), for: .readable) { [unowned self] _ in needsRun = true }
        LoopActor.loop.afterJobs { [self] in runDaemon() }
        tick()
    }

    /// Stops taking connections, lets the requests that are open finish, and closes everything.
    ///
    /// Answers carry `Connection: close` from now on. Idle connections are left for nginx to close, so that no request
    /// meets a closed one; after a quiet while they are given up.
    package func drain(for limit: Duration) async {
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

    /// Frees the daemon, unless requests are still suspended in it, which it does not survive: then the process is
    /// about to end anyway.
    private func stop() {
        guard requestsInProgress == 0, let daemon else { return }
        watch?.cancel()
        self.daemon = nil
        MHD_stop_daemon(daemon)
    }

    // MARK: The daemon's turns

    /// Lets libmicrohttpd read, call back and write.
    ///
    /// Its sockets are edge-triggered: what it leaves over it has to be asked for, or it would wait for an event that
    /// has already been.
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
            peer.expire(with: timeoutAnswer(peer.exchange?.arrivingRequest))
        }
        Timer(after: .seconds(1)) { [self] in tick() }
    }

    // MARK: Connections and requests

    fileprivate func opened(_ connection: OpaquePointer) -> Peer {
        let peer = Peer(socket: works_http_socket(connection))
        peers[ObjectIdentifier(peer)] = peer
        LoopActor.start { [self] in await serve(peer) }
        return peer
    }

    fileprivate func closed(_ peer: Peer) {
        peers[ObjectIdentifier(peer)] = nil
        requestClosed(on: peer)
        peer.closed()
    }

    fileprivate func requestOpened(_ exchange: Exchange) -> UnsafeMutableRawPointer {
        requestsOpen += 1
        exchange.peer.requestStarted(at: exchange.request.arrival)
        exchange.peer.exchange = exchange
        return Unmanaged.passUnretained(exchange).toOpaque()
    }

    /// Whatever comes first, the completion of the request or the end of its connection, closes it.
    fileprivate func requestClosed(on peer: Peer) {
        guard let exchange = peer.exchange else { return }
        peer.exchange = nil
        exchange.completed()
        requestsOpen -= 1
        if isDraining { lastActivity = .now }
    }

    /// Takes a request that has arrived, and is suspended, to its connection's task.
    func take(_ exchange: Exchange) {
        requestsInProgress += 1
        exchange.peer.deliver(exchange)
    }

    /// Hands the requests of a connection to the handler, and its answers to the daemon, until the connection ends.
    ///
    /// It is one task for all of them: a task for each would cost more than what most requests do.
    private func serve(_ peer: Peer) async {
        while let exchange = await peer.nextExchange() {
            var response = await handler(exchange.request)
            response.closes = response.closes || isDraining
            exchange.answer(response)
            requestsInProgress -= 1
            needsRun = true
        }
    }

    /// The room that libmicrohttpd needs beside a request's own bytes: 64 for each field, and the answer's head.
    ///
    /// With target and header at their limits, and a `Link` field in the answer that repeats such a target twice, it is
    /// enough for 100 fields; a request with more that are very short is refused by libmicrohttpd itself. There is not
    /// more of it because libmicrohttpd clears all memory of a connection after every request: of 64 busy connections
    /// none is in the processor's cache then, and each 16 KiB more cost 10 % of the processor time of a short request.
    private static let connectionOverheadBytes = 24 << 10
}

// MARK: Callbacks of libmicrohttpd, all made on the loop's thread from `MHD_run`

private func server(_ context: UnsafeMutableRawPointer?) -> HTTPServer? {
    context.map { Unmanaged<HTTPServer>.fromOpaque($0).takeUnretainedValue() }
}

/// Called when a connection starts and when it ends; keeps its ``Peer`` in the connection's own context.
private func connectionChanged(
    context: UnsafeMutableRawPointer?,
    connection: OpaquePointer?,
    peerSlot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    event: MHD_ConnectionNotificationCode
) {
    guard let server = server(context), let connection, let peerSlot else { return }
    LoopActor.assumeIsolated(with: (server, connection, peerSlot)) { server, connection, peerSlot in
        if event == .CONNECTION_NOTIFY_STARTED {
            peerSlot.pointee = Unmanaged.passUnretained(server.opened(connection)).toOpaque()
        } else if let peer = peerSlot.pointee {
            peerSlot.pointee = nil
            server.closed(Unmanaged<Peer>.fromOpaque(peer).takeUnretainedValue())
        }
    }
}

/// Called with the raw target as soon as the request line is there.
///
/// What it returns comes back as the request's context in the callbacks below.
private func targetArrived(
    context: UnsafeMutableRawPointer?,
    target: UnsafePointer<CChar>?,
    connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let server = server(context), let target, let connection, let peer = works_http_peer(connection) else {
        return nil
    }
    return LoopActor.assumeIsolated(with: (server, connection, peer, target)) { server, connection, peer, target in
        let peer = Unmanaged<Peer>.fromOpaque(peer).takeUnretainedValue()
        let exchange = Exchange(server: server, connection: connection, peer: peer, target: target)
        works_http_parse_no_arguments_and_cookies(connection, target)
        return server.requestOpened(exchange)
    }
}

/// Called with the header, then for each piece of the body, then when all has arrived.
private func requestAdvanced(
    context: UnsafeMutableRawPointer?,
    connection: OpaquePointer?,
    target: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?,
    version: UnsafePointer<CChar>?,
    piece: UnsafePointer<CChar>?,
    pieceCount: UnsafeMutablePointer<Int>?,
    exchangeSlot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let method, let target, let version, let pieceCount, let pointer = exchangeSlot?.pointee else { return .NO }
    let line = Exchange.RequestLine(method: method, target: target, version: version)
    let bytes = UnsafeRawBufferPointer(start: piece, count: pieceCount.pointee)
    pieceCount.pointee = 0
    return LoopActor.assumeIsolated(with: (pointer, line, bytes)) { pointer, line, bytes in
        let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
        return exchange.advance(line: line, piece: bytes) ? .YES : .NO
    }
}

/// Called once for each target that arrived, after its answer has gone out or its connection is lost; not always, see
/// ``Peer/exchange``.
private func requestCompleted(
    context: UnsafeMutableRawPointer?,
    connection: OpaquePointer?,
    exchangeSlot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    reason: MHD_RequestTerminationCode
) {
    guard let server = server(context), let exchange = exchangeSlot?.pointee else { return }
    exchangeSlot?.pointee = nil
    LoopActor.assumeIsolated(with: (server, exchange)) { server, exchange in
        server.requestClosed(on: Unmanaged<Exchange>.fromOpaque(exchange).takeUnretainedValue().peer)
    }
}
