import Bytes
import CMicrohttpd
import Glibc
import HTTP
import Loop

/// One request, from its header on, and its answer.
///
/// Its ``Peer`` keeps it until the answer has been sent or the connection has ended.
@LoopActor final class Exchange {
    let peer: Peer
    private(set) var request: Request
    private var phase = Phase.body
    private let announcedBodyByteCount: Int
    /// How much of the body has arrived, kept or dropped.
    private var bodyByteCount = 0

    private enum Phase {
        /// The body is arriving.
        case body
        /// The handler has the request; the connection is suspended.
        case answering
        /// The answer is queued, or the connection has ended.
        case done
    }

    /// The words of a request line, as pointers into libmicrohttpd's buffer.
    struct RequestLine {
        let method: UnsafePointer<CChar>
        let target: UnsafePointer<CChar>
        let version: UnsafePointer<CChar>
    }

    /// A request target as it arrived, before libmicrohttpd cuts it.
    struct Target {
        let path: String
        let query: String?
        let byteCount: Int
        let arrival: ContinuousClock.Instant

        /// Copies a target, which ends in a NUL.
        init(_ raw: UnsafePointer<CChar>) {
            let bytes = UnsafeRawBufferPointer(start: raw, count: strlen(raw))
            byteCount = bytes.count
            arrival = .now
            let mark = strchr(raw, Int32(UInt8(ascii: "?"))).map { UnsafeRawPointer($0) - UnsafeRawPointer(raw) }
            path = Percent.text(ofRaw: UnsafeRawBufferPointer(rebasing: bytes[..<(mark ?? bytes.count)]))
            query = mark.map { Percent.text(ofRaw: UnsafeRawBufferPointer(rebasing: bytes[($0 + 1)...])) }
        }
    }

    /// Reads the header of a request.
    init(_ line: RequestLine, _ target: Target, on peer: Peer) {
        self.peer = peer
        let head = RequestHead(of: peer.connection, from: line.method, version: line.version)
        let id = head.fields.requestID.flatMap { RequestID.accepts($0) ? $0 : nil }
        announcedBodyByteCount = head.announcedBodyByteCount
        request = Request(
            method: Method(token: String(cString: line.method)),
            path: target.path,
            query: target.query,
            fields: head.fields,
            id: id ?? RequestID.next(),
            arrival: target.arrival,
            client: peer.address ?? ClientAddress.text(in: head.realIP)
        )
        request.fault = fault(in: line, target, head)
        // The end of a malformed message is unknown, and a body announced as hopelessly large would not be read to its
        // end, so we wait for neither body.
        if request.fault?.isMalformed == true || isHopeless(announcedBodyByteCount) { submit() }
    }

    private func fault(in line: RequestLine, _ target: Target, _ head: RequestHead) -> HTTPFault? {
        // One byte separates target and version. A larger gap means that the target contains a NUL, which ended it
        // for C.
        if line.version - line.target != target.byteCount + 1 { return .targetMalformed }
        if let fault = head.fault { return fault }
        if target.byteCount > limits.targetBytesMax { return .targetTooLong }
        if head.byteCount > limits.headerBytesMax || head.fieldCount > limits.headerFieldsMax {
            return .headersTooLarge
        }
        if peer.server.requestsInProgress >= limits.requestsMax { return .overloaded }
        return isHopeless(announcedBodyByteCount) ? .bodyTooLarge : nil
    }

    private var limits: HTTPLimits {
        peer.server.limits
    }

    /// The request while its body is arriving; nil afterwards.
    var arrivingRequest: Request? {
        phase == .body ? request : nil
    }

    /// Receives a piece of the body; an empty one is its end.
    ///
    /// - Returns: false if the connection must end.
    func receive(_ piece: UnsafeRawBufferPointer) -> Bool {
        guard phase == .body else { return true }
        guard !piece.isEmpty else {
            submit()
            return true
        }
        return keep(piece)
    }

    /// Keeps a piece of the body while the body is within its limit, and drops the rest of a larger one, because a
    /// client that is still sending would not see an answer.
    ///
    /// - Returns: false once the body is hopelessly large.
    private func keep(_ piece: UnsafeRawBufferPointer) -> Bool {
        bodyByteCount += piece.count
        if bodyByteCount > limits.bodyBytesMax {
            if request.fault == nil { request.fault = .bodyTooLarge }
            request.body = []
        }
        if request.fault == nil { request.body.append(contentsOf: piece) }
        return !isHopeless(bodyByteCount)
    }

    /// Whether a body of this size is too large even to be read and dropped.
    private func isHopeless(_ byteCount: Int) -> Bool {
        byteCount > limits.bodyBytesMax * Self.droppedBodiesMax
    }

    /// Hands the request over to be answered, and suspends the connection until it is.
    private func submit() {
        phase = .answering
        peer.requestArrived()
        MHD_suspend_connection(peer.connection)
        peer.server.accept(self)
    }

    /// Queues the answer and wakes the connection.
    ///
    /// Called once for each submitted request.
    func answer(_ response: Response) {
        guard phase == .answering else { return }
        phase = .done
        if let queued = makeResponse(response) {
            // This fails only while the daemon is being stopped, which ends the connection as well.
            _ = MHD_queue_response(peer.connection, UInt32(response.status), queued)
            MHD_destroy_response(queued)
        }
        MHD_resume_connection(peer.connection)
    }

    private func makeResponse(_ response: Response) -> OpaquePointer? {
        // For bodies of the usual size, a copy costs no more than an object that would keep the array alive for C.
        let made = response.body.withUnsafeBytes { body in
            MHD_create_response_from_buffer(
                body.count,
                UnsafeMutableRawPointer(mutating: body.baseAddress),
                .RESPMEM_MUST_COPY
            )
        }
        guard let made else { return nil }
        for field in response.fields {
            // Passed as a `String`, each would be copied for C.
            field.name.withCString { name in
                field.value.withCString { value in _ = MHD_add_response_header(made, name, value) }
            }
        }
        // Nothing that follows a malformed request on its connection can be trusted.
        let closes = response.closes || request.fault?.isMalformed == true
        if closes { MHD_add_response_header(made, "Connection", "close") }
        return made
    }

    /// Called when the answer has been sent or the connection is lost.
    func completed() {
        phase = .done
    }

    /// A body is read and dropped up to this many times its limit; then the connection ends.
    private static let droppedBodiesMax = 8
}
