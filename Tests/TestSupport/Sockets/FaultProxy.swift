import Foundation
import Glibc

/// A faulty network: it forwards bytes between clients and a server, and disturbs them as the test tells it to.
package final class FaultProxy: Sendable {
    package enum Mode: Equatable, Sendable {
        /// Forwards everything.
        case pass
        /// Closes new connections as soon as they arrive.
        case refuse
        /// Forwards nothing in either direction, and keeps what arrives for later.
        case stall
        /// Forwards everything, each piece after the given time.
        case delay(Duration)
        /// Forwards requests and drops replies. A connection that has lost one is cut as soon as the mode changes,
        /// because no network leaves out a part of a stream.
        case dropReplies
    }

    package let address: SocketAddress
    private let upstream: SocketAddress
    private let listener: Int32
    private let state = Protected((mode: Mode.pass, isOver: false))
    private let wires = Protected<[Wire]>([])

    package init(at address: SocketAddress, before upstream: SocketAddress) throws {
        self.address = address
        self.upstream = upstream
        listener = try SocketAddress.listen(at: address)
        Thread.detachNewThread { [listener, state, weak self] in
            while !state.value.isOver {
                var interest = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
                poll(&interest, 1, -1)
                for descriptor in Inheritance.kept({ [accept(listener, nil, nil)] }) where descriptor >= 0 {
                    let client = Wire(owning: descriptor)
                    self?.serve(client)
                }
            }
            close(listener)
        }
    }

    deinit { end() }

    package var mode: Mode {
        get { state.withLock { $0.mode } }
        set { state.withLock { $0.mode = newValue } }
    }

    /// Cuts all present connections; new ones are still accepted.
    package func cut() {
        wires.withLock { wires in
            wires.forEach { $0.cut() }
            wires.removeAll()
        }
    }

    /// Cuts all connections and closes the listener.
    package func end() {
        state.withLock { state in
            // Only once, and before the thread sees that it is over and closes the listener: the number of a closed
            // descriptor is soon reused.
            if !state.isOver { shutdown(listener, Int32(SHUT_RDWR)) }
            state.isOver = true
        }
        cut()
    }

    private func serve(_ client: Wire) {
        guard mode != .refuse, let server = try? Wire(to: upstream) else { return client.cut() }
        wires.withLock { $0 += [client, server] }
        Thread.detachNewThread { [weak self] in Self.pump(client, server, isReply: false) { self?.mode } }
        Thread.detachNewThread { [weak self] in Self.pump(server, client, isReply: true) { self?.mode } }
    }

    /// Moves bytes one way until either side ends; `mode` is nil when the proxy is gone.
    private static func pump(_ from: Wire, _ to: Wire, isReply: Bool, _ mode: () -> Mode?) {
        defer {
            from.cut()
            to.cut()
        }
        var hasLost = false
        while let before = mode() {
            if hasLost && before != .dropReplies { return }
            guard from.hasNews(within: .milliseconds(5)) else { continue }
            guard let bytes = try? from.receive(), !bytes.isEmpty else { return }
            // The present mode decides: it may have changed while nothing arrived.
            while mode() == .stall { pause(.milliseconds(2)) }
            guard let mode = mode(), !hasLost || mode == .dropReplies else { return }
            if case .delay(let time) = mode { pause(time) }
            if isReply && mode == .dropReplies {
                hasLost = true
            } else if (try? to.send(bytes)) == nil {
                return
            }
        }
    }
}
