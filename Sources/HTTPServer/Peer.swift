import CLinux
import CMicrohttpd
import HTTP
import Loop

/// One connection of a client, and its open request.
@LoopActor final class Peer {
    let server: HTTPServer
    let connection: OpaquePointer
    /// The IP address of the client; nil on a unix socket.
    let address: String?
    private let socket: Int32
    /// When the arriving request began; nil between requests.
    ///
    /// The first request must begin as soon as the connection does.
    private var arrivingSince: ContinuousClock.Instant? = .now
    /// The target of the open request, until its header has arrived.
    ///
    /// Like the properties of ``EventLoop``, this and the next are used several times for each request, and not checked
    /// for exclusive access.
    @exclusivity(unchecked) private var target: Exchange.Target?
    /// The open request, once its header has arrived.
    ///
    /// The peer keeps it because libmicrohttpd does not report the end of every request: if it abandons one in the
    /// middle of the header, it may report only the end of the connection.
    @exclusivity(unchecked) private var exchange: Exchange?

    /// A request that has arrived before the connection's task asked for it.
    private var arrived: Exchange?
    /// The connection's task, while it waits for a request.
    private var waiter: UnsafeContinuation<Exchange?, Never>?
    private var isClosed = false

    init(_ connection: OpaquePointer, of server: HTTPServer) {
        self.connection = connection
        self.server = server
        socket = works_http_socket(connection)
        address = ClientAddress.text(ofPeerOn: socket)
    }

    // MARK: The open request

    var hasOpenRequest: Bool {
        target != nil || exchange != nil
    }

    /// The request while its body is arriving; nil before and afterwards.
    var arrivingRequest: Request? {
        exchange?.arrivingRequest
    }

    /// Called when a request has begun.
    func requestOpened(_ target: Exchange.Target) {
        if arrivingSince == nil { arrivingSince = target.arrival }
        self.target = target
    }

    /// Called with the header, then with each piece of the body, then with an empty piece once the request is complete.
    ///
    /// - Returns: false if the connection must end.
    func requestAdvanced(_ line: Exchange.RequestLine, _ piece: UnsafeRawBufferPointer) -> Bool {
        if let exchange { return exchange.receive(piece) }
        guard let target else { return false }
        self.target = nil
        exchange = Exchange(line, target, on: self)
        return true
    }

    /// Called when the answer has been sent or the connection is lost.
    func requestClosed() {
        exchange?.completed()
        exchange = nil
        target = nil
        arrivingSince = nil
    }

    // MARK: From the connection to its task

    /// Delivers a request to the task; the next one comes only after this one is answered.
    func deliver(_ exchange: Exchange) {
        guard let waiter else { return arrived = exchange }
        self.waiter = nil
        waiter.resume(returning: exchange)
    }

    /// The connection's next request; nil at its end.
    ///
    /// Only one task may wait at a time.
    func nextExchange() async -> Exchange? {
        if let arrived {
            self.arrived = nil
            return arrived
        }
        return isClosed ? nil : await withUnsafeContinuation { waiter = $0 }
    }

    /// Called when the connection has ended.
    func connectionClosed() {
        isClosed = true
        waiter?.resume(returning: nil)
        waiter = nil
    }

    // MARK: Overdue requests

    /// Called when the open request is complete.
    func requestArrived() {
        arrivingSince = nil
    }

    func isOverdue(now: ContinuousClock.Instant, limit: Duration) -> Bool {
        guard let arrivingSince else { return false }
        return arrivingSince + limit <= now
    }

    /// Answers an overdue request and closes the connection.
    ///
    /// The answer bypasses libmicrohttpd, which accepts one only at fixed points of a request and would end a slow
    /// request silently. Nothing has been sent in answer to this request yet, so these bytes are the next on the
    /// connection; the daemon then finds the connection closed.
    func expire(with answer: Response) {
        arrivingSince = nil
        var head =
            "HTTP/1.1 \(answer.status) Request Timeout\r\nConnection: close\r\nContent-Length: \(answer.body.count)\r\n"
        for field in answer.fields { head += "\(field.name): \(field.value)\r\n" }
        let bytes = Array((head + "\r\n").utf8) + answer.body
        _ = send(socket, bytes, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
        shutdown(socket, Int32(SHUT_RDWR))
    }
}
