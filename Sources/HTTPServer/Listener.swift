import Glibc

/// Why a server cannot listen.
public struct ListenError: Error, CustomStringConvertible {
    public let description: String
}

/// A listening socket.
public struct Listener: Sendable, CustomStringConvertible {
    let descriptor: Int32

    /// Where it listens, as the kernel tells: with the port that was chosen for port 0, and the address of an inherited
    /// socket.
    public var description: String {
        SocketAddress(boundTo: descriptor)?.listenAddress?.description ?? "descriptor \(descriptor)"
    }

    /// Adopts a listening socket that the service manager handed over (`sd_listen_fds(3)`).
    public init(inherited descriptor: Int32) throws(ListenError) {
        var isListening: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening != 0 else {
            throw ListenError(description: "descriptor \(descriptor) is not a listening socket")
        }
        let flags = fcntl(descriptor, F_GETFL)
        guard fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw ListenError(description: "descriptor \(descriptor): \(Self.lastError)")
        }
        self.descriptor = descriptor
    }

    /// Opens a socket of our own.
    ///
    /// A stale socket file, on which no process listens any more, is replaced.
    public init(_ address: ListenAddress) throws(ListenError) {
        guard let socketAddress = SocketAddress(address) else {
            throw ListenError(description: "\(address) is not an address")
        }
        let descriptor = socket(socketAddress.family, Self.kind, 0)
        guard descriptor >= 0 else { throw ListenError(description: "\(address): \(Self.lastError)") }
        if case .unix(let path) = address { Self.removeStaleSocket(path, socketAddress) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard socketAddress.withPointer({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, Self.backlog) == 0 else {
            let reason = Self.lastError
            close(descriptor)
            throw ListenError(description: "cannot listen on \(address): \(reason)")
        }
        self.descriptor = descriptor
    }

    /// Removes a socket file if a connection to it is refused, which shows that no process listens on it.
    private static func removeStaleSocket(_ path: String, _ address: SocketAddress) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        // Non-blocking, because a connect would wait while the owner's queue is full.
        let probe = socket(AF_UNIX, Self.kind, 0)
        guard probe >= 0 else { return }
        defer { close(probe) }
        if address.withPointer({ connect(probe, $0, $1) }) != 0, errno == ECONNREFUSED { unlink(path) }
    }

    private static var lastError: String {
        String(cString: strerror(errno))
    }

    private static let kind =
        Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    /// How many connections the kernel queues before they are accepted; it caps this at `net.core.somaxconn`.
    private static let backlog: Int32 = 4096
}
