import CLinux
import HTTP
import Loop

/// One connection of a client: what is known of it before and between its requests.
@LoopActor final class Peer {
    private let socket: Int32
    /// When the request that is arriving began to; a new connection owes one at once.
    ///
    /// Nil between requests.
    private var arrivingSince: ContinuousClock.Instant? = .now
    /// The request that is open on it.
    ///
    /// It is held here and not by libmicrohttpd, which does not report the end of every request: one that it gives up
    /// in the middle of the header may just end with its connection.
    var exchange: Exchange?

    /// A request that has arrived and that its task has not taken yet.
    private var arrived: Exchange?
    /// The connection's task, while it waits for a request.
    private var waiter: UnsafeContinuation<Exchange?, Never>?
    private var isClosed = false

    init(socket: Int32) {
        self.socket = socket
    }

    // MARK: From the connection to its task

    /// Gives a request to the task; the next comes when this one is answered.
    func deliver(_ exchange: Exchange) {
        guard let waiter else { return arrived = exchange }
        self.waiter = nil
        waiter.resume(returning: exchange)
    }

    /// The next request of the connection; nil at its end.
    ///
    /// One task may wait at a time.
    func nextExchange() async -> Exchange? {
        if let arrived {
            self.arrived = nil
            return arrived
        }
        return isClosed ? nil : await withUnsafeContinuation { waiter = $0 }
    }

    /// The connection has ended.
    func closed() {
        isClosed = true
        waiter?.resume(returning: nil)
        waiter = nil
    }

    // MARK: The time a request takes

    func requestStarted(at now: ContinuousClock.Instant) {
        if arrivingSince == nil { arrivingSince = now }
    }

    func requestArrived() {
        arrivingSince = nil
    }

    func isOverdue(now: ContinuousClock.Instant, limit: Duration) -> Bool {
        guard let arrivingSince else { return false }
        return arrivingSince + limit <= now
    }

    /// Answers past libmicrohttpd, which takes an answer only at fixed points of a request and would end a slow one
    /// without a word.
    ///
    /// Nothing of this request has been answered yet, so the bytes are the connection's next; the daemon then sees the
    /// connection closed.
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
