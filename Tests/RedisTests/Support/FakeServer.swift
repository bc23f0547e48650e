import Foundation
import Glibc
import TestSupport

@testable import Redis

/// A server that sends what the test tells it to, whatever it receives.
final class FakeServer: Sendable {
    /// One connection to it.
    struct Peer {
        let descriptor: Int32

        /// Waits for bytes and returns them; none at the end of the stream.
        func receive() -> [UInt8] {
            var room = [UInt8](repeating: 0, count: 65536)
            let count = recv(descriptor, &room, room.count, 0)
            return Array(room[..<max(0, count)])
        }

        func send(_ text: String) { send(Array(text.utf8)) }

        func send(_ bytes: [UInt8]) {
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    let address: RedisAddress
    private let directory: ScratchDirectory
    private let listener: Int32
    private let isOver = Protected(false)

    /// Calls `serve` for each connection on a thread of its own, and closes the connection when it returns.
    private init(_ serve: @escaping @Sendable (Peer) -> Void) throws {
        LoopThread.start()
        directory = try ScratchDirectory()
        address = RedisAddress(.unix(path: directory.file("redis.sock")))
        listener = try SocketAddress.listen(at: .unix(directory.file("redis.sock")))
        Thread.detachNewThread { [listener, isOver] in
            while !isOver.value {
                var interest = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
                poll(&interest, 1, -1)
                let descriptor = accept(listener, nil, nil)
                // The client may have gone already.
                guard descriptor >= 0 else { continue }
                Thread.detachNewThread {
                    serve(Peer(descriptor: descriptor))
                    // Ends the connection even if a process started meanwhile inherited the descriptor.
                    shutdown(descriptor, Int32(SHUT_RDWR))
                    close(descriptor)
                }
            }
            close(listener)
        }
    }

    /// Runs `body` with the address of a server that calls `serve` for each connection.
    static func serving(
        _ serve: @escaping @Sendable (Peer) -> Void,
        _ body: (RedisAddress) async throws -> Void
    ) async throws {
        let server = try Self(serve)
        defer { server.end() }
        try await body(server.address)
    }

    /// Wakes the thread, which then closes the listener.
    private func end() {
        isOver.withLock { isOver in
            // Under the lock, so that the thread cannot close the listener first: the number of a closed descriptor is
            // soon given to another.
            shutdown(listener, Int32(SHUT_RDWR))
            isOver = true
        }
    }
}
