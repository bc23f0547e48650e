import Glibc

/// One end of a stream socket, closed with this object.
package final class Wire: Sendable {
    package enum Failure: Error, Equatable {
        /// The other side closed or reset the connection.
        case closed
        /// Nothing arrived within the time allowed.
        case silent
    }

    private let descriptor: Int32

    package convenience init(to address: SocketAddress) throws { self.init(owning: try address.connect()) }

    init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { Glibc.close(descriptor) }

    /// Sends everything; throws if the other side is gone or stops reading.
    package func send(_ bytes: [UInt8], patience: Duration = .seconds(20)) throws {
        var sent = 0
        while sent < bytes.count {
            try wait(for: POLLOUT, patience)
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count > 0 { sent += count } else if errno != EAGAIN && errno != EINTR { throw Failure.closed }
        }
    }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// The next bytes, or none at the end of the stream.
    package func receive(patience: Duration = .seconds(20)) throws -> [UInt8] {
        try wait(for: POLLIN, patience)
        var room = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &room, room.count, 0)
        guard count >= 0 else { throw Failure.closed }
        return Array(room[..<count])
    }

    /// Whether a read would return at once, with bytes or the end of the stream.
    package func hasNews(within patience: Duration = .zero) -> Bool { (try? wait(for: POLLIN, patience)) != nil }

    /// Tells the other side that nothing more will be sent.
    package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends the connection in both directions; a thread that waits on it wakes.
    package func cut() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Makes the end of this object reset the connection instead of closing it in order.
    package func resetsAtTheEnd() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }

    private func wait(for events: Int32, _ patience: Duration) throws {
        var interest = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        let deadline = ContinuousClock.now + patience
        while true {
            let count = poll(&interest, 1, (deadline - .now).milliseconds)
            if count > 0 { return }
            if count == 0 { throw Failure.silent }
            guard errno == EINTR else { throw SystemError("poll") }
        }
    }
}
