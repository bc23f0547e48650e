import Bytes
import CMicrohttpd
import Glibc
import HTTP
import Loop

/// One request on its way in and its answer on its way out.
///
/// Its ``Peer`` holds it from the request line to the completion of the answer or the end of the connection.
@LoopActor final class Exchange {
    private let server: HTTPServer
    private let connection: OpaquePointer
    let peer: Peer
    private(set) var request: Request
    private var phase = Phase.head
    private let targetByteCount: Int
    private var announcedBodyByteCount = 0
    private var bodyByteCount = 0

    private enum Phase {
        /// The header is not looked at yet.
        case head
        /// The body is arriving.
        case body
        /// The handler has the request; the connection is suspended.
        case answering
        /// The answer is queued, or the connection is gone.
        case done
    }

    init(server: HTTPServer, connection: OpaquePointer, peer: Peer, target: UnsafePointer<CChar>) {
        self.server = server
        self.connection = connection
        self.peer = peer
        targetByteCount = strlen(target)
        request = Request(method: .other, target: Percent.text(ofRaw: target), id: "")
    }

    /// The words of a request line, in place in libmicrohttpd's buffer.
    struct RequestLine {
        let method: UnsafePointer<CChar>
        let target: UnsafePointer<CChar>
        let version: UnsafePointer<CChar>
    }

    /// Takes the next piece of the request; false ends the connection.
    func advance(line: RequestLine, piece: UnsafeRawBufferPointer) -> Bool {
        switch phase {
        case .head:
            readHead(line)
            phase = .body
            // Where the body of a malformed message ends is anyone's guess, and one that is announced as far too large
            // would not be read to its end: neither is waited for.
            if request.fault?.isMalformed == true || isBodyHopeless { submit() }
            return true
        case .body where piece.isEmpty:
            submit()
            return true
        case .body:
            return takeBody(piece)
        case .answering, .done:
            return true
        }
    }

    /// The request while its body is arriving.
    var arrivingRequest: Request? {
        phase == .body ? request : nil
    }

    private func readHead(_ line: RequestLine) {
        let head = RequestHead(of: connection, from: line.method, version: line.version)
        request.method = Method(token: String(cString: line.method))
        request.fields = head.fields
        announcedBodyByteCount = head.announcedBodyByteCount
        request.id = head.fields.requestID.flatMap { RequestID.accepts($0) ? $0 : nil } ?? RequestID.next()
        // One byte stands between the two; if there are more, the target holds a null character, which has cut it off.
        let targetIsWhole = line.version - line.target == targetByteCount + 1
        if head.isMalformed || !targetIsWhole {
            request.fault = .headerMalformed
        } else if targetByteCount > server.limits.targetBytesMax {
            request.fault = .targetTooLong
        } else if head.byteCount > server.limits.headerBytesMax {
            request.fault = .headersTooLarge
        } else if server.requestsInProgress >= server.limits.requestsMax {
            request.fault = .overloaded
        } else if isBodyHopeless {
            request.fault = .bodyTooLarge
        }
    }

    private var isBodyHopeless: Bool {
        announcedBodyByteCount > server.limits.bodyBytesMax * Self.droppedBodiesMax
    }

    /// Keeps a piece of the body as long as the body is within its limit, and drops the rest of one that is not: a
    /// client that is still sending would not see an answer.
    ///
    /// Far beyond the limit the connection ends.
    private func takeBody(_ piece: UnsafeRawBufferPointer) -> Bool {
        bodyByteCount += piece.count
        if bodyByteCount > server.limits.bodyBytesMax {
            if request.fault == nil { request.fault = .bodyTooLarge }
            request.body = []
            return bodyByteCount <= server.limits.bodyBytesMax * Self.droppedBodiesMax
        }
        if request.fault == nil { request.body.append(contentsOf: piece) }
        return true
    }

    private func submit() {
        phase = .answering
        peer.requestArrived()
        MHD_suspend_connection(connection)
        server.take(self)
    }

    /// Queues the answer and wakes the connection.
    ///
    /// Called once for each request that was submitted.
    func answer(_ response: Response) {
        guard phase == .answering else { return }
        phase = .done
        if let queued = makeResponse(response) {
            // Refused only if the daemon is being stopped; the connection then ends with it.
            _ = MHD_queue_response(connection, UInt32(response.status), queued)
            MHD_destroy_response(queued)
        }
        MHD_resume_connection(connection)
    }

    private func makeResponse(_ response: Response) -> OpaquePointer? {
        guard let made = SentBody(response.body).makeResponse() else { return nil }
        for field in response.fields {
            // Handed over as a `String`, each would be copied for C.
            field.name.withCString { name in
                field.value.withCString { value in _ = MHD_add_response_header(made, name, value) }
            }
        }
        // A message framed in two ways must not be followed by another on the same connection.
        let closes = response.closes || request.fault?.isMalformed == true
        if closes { MHD_add_response_header(made, "Connection", "close") }
        return made
    }

    /// The answer has gone out, or the connection is lost.
    func completed() {
        phase = .done
        peer.requestArrived()
    }

    /// How many times the limit of a body is read and dropped before the connection ends.
    private static let droppedBodiesMax = 8
}

/// The body of an answer while libmicrohttpd sends it, straight from the array's memory.
private final class SentBody {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The elements of an array that somebody holds and nobody changes stay where they are, so their address is good
    /// until the response releases this object.
    func makeResponse() -> OpaquePointer? {
        let owner = Unmanaged.passRetained(self)
        let made = bytes.withUnsafeBytes { bytes in
            MHD_create_response_from_buffer_with_free_callback_cls(
                bytes.count,
                UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                bodySent,
                owner.toOpaque()
            )
        }
        if made == nil { owner.release() }
        return made
    }
}

/// Called once for each response, when libmicrohttpd frees it.
private func bodySent(owner: UnsafeMutableRawPointer?) {
    if let owner { Unmanaged<SentBody>.fromOpaque(owner).release() }
}
