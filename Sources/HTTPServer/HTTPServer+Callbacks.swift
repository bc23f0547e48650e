import CMicrohttpd
import HTTP
import Loop

// libmicrohttpd makes all of these calls on the loop's thread, from `MHD_run` and `MHD_stop_daemon`. It has unretained
// pointers: the server outlives the daemon, and `HTTPServer.peers` keeps each peer as long as its connection.

extension HTTPServer {
    /// What libmicrohttpd calls, with this server as the context.
    var callbacks: works_http_callbacks {
        works_http_callbacks(
            context: Unmanaged.passUnretained(self).toOpaque(),
            access: requestAdvanced,
            completed: requestCompleted,
            connection: connectionChanged,
            target: targetArrived
        )
    }
}

private func server(_ context: UnsafeMutableRawPointer?) -> HTTPServer? {
    context.map { Unmanaged<HTTPServer>.fromOpaque($0).takeUnretainedValue() }
}

private func peer(_ pointer: UnsafeMutableRawPointer) -> Peer {
    Unmanaged<Peer>.fromOpaque(pointer).takeUnretainedValue()
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
            peerSlot.pointee = Unmanaged.passUnretained(server.connectionOpened(connection)).toOpaque()
        } else if let pointer = peerSlot.pointee {
            peerSlot.pointee = nil
            server.connectionClosed(peer(pointer))
        }
    }
}

/// Called with the raw target as soon as the request line has arrived.
///
/// It returns the request's context for the callbacks below: again the ``Peer``.
private func targetArrived(
    context: UnsafeMutableRawPointer?,
    target: UnsafePointer<CChar>?,
    connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let server = server(context), let target, let connection, let pointer = works_http_peer(connection) else {
        return nil
    }
    LoopActor.assumeIsolated(with: (server, pointer, target)) { server, pointer, target in
        server.requestOpened(Exchange.Target(target), on: peer(pointer))
    }
    works_http_parse_no_arguments_and_cookies(connection, target)
    return pointer
}

/// Called with the header, then with each piece of the body, then with no piece once the request is complete.
private func requestAdvanced(
    context: UnsafeMutableRawPointer?,
    connection: OpaquePointer?,
    target: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?,
    version: UnsafePointer<CChar>?,
    piece: UnsafePointer<CChar>?,
    pieceCount: UnsafeMutablePointer<Int>?,
    peerSlot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let pointer = peerSlot?.pointee, let method, let target, let version, let pieceCount else { return .NO }
    let line = Exchange.RequestLine(method: method, target: target, version: version)
    let bytes = UnsafeRawBufferPointer(start: piece, count: pieceCount.pointee)
    pieceCount.pointee = 0
    return LoopActor.assumeIsolated(with: (pointer, line, bytes)) { pointer, line, bytes in
        peer(pointer).requestAdvanced(line, bytes) ? .YES : .NO
    }
}

/// Called after the answer to a request has been sent or its connection is lost.
///
/// Not every request whose target has arrived gets this call, see ``Peer/exchange``.
private func requestCompleted(
    context: UnsafeMutableRawPointer?,
    connection: OpaquePointer?,
    peerSlot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    reason: MHD_RequestTerminationCode
) {
    guard let server = server(context), let pointer = peerSlot?.pointee else { return }
    peerSlot?.pointee = nil
    LoopActor.assumeIsolated(with: (server, pointer)) { server, pointer in server.requestClosed(on: peer(pointer)) }
}
