import Bytes
import Glibc

/// Where a server listens.
package enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
    case tcp(host: String, port: UInt16)
    case unix(path: String)

    /// Reads `HOST:PORT` (an IP address, an IPv6 one in brackets, or `localhost`) or `unix:/path`; nil for anything else.
    package init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard path.hasPrefix("/"), path.utf8.count < Self.pathBytesMax else { return nil }
            self = .unix(path: path)
        } else {
            guard let colon = text.lastIndex(of: ":") else { return nil }
            let digits = text[text.index(after: colon)...]
            guard let port = Int(digits: digits).flatMap(UInt16.init(exactly:)) else { return nil }
            var host = String(text[..<colon])
            let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
            if isBracketed { host = String(host.dropFirst().dropLast()) }
            // Without brackets nobody could tell where an IPv6 address ends.
            guard isBracketed == host.contains(":") else { return nil }
            if host == "localhost" { host = "127.0.0.1" }
            guard SocketAddress(host: host, port: port) != nil else { return nil }
            self = .tcp(host: host, port: port)
        }
    }

    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// The room in `sockaddr_un`.
    private static let pathBytesMax = 108
}

/// A socket that takes connections.
package struct Listener: Sendable {
    let descriptor: Int32

    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    /// A socket that is listening already, handed over by the service manager (`sd_listen_fds(3)`).
    package init(inherited descriptor: Int32) throws(Problem) {
        var isListening: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening != 0 else {
            throw Problem(description: "descriptor \(descriptor) is not a listening socket")
        }
        let flags = fcntl(descriptor, F_GETFL)
        guard fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw Problem(description: "descriptor \(descriptor): \(Self.lastError)")
        }
        self.descriptor = descriptor
    }

    /// Opens a socket of our own.
    ///
    /// A socket file that nobody listens on any more is replaced.
    package init(_ address: ListenAddress) throws(Problem) {
        let socketAddress: SocketAddress?
        switch address {
        case .tcp(let host, let port):
            socketAddress = SocketAddress(host: host, port: port)
        case .unix(let path):
            socketAddress = SocketAddress(path: path)
        }
        guard let socketAddress else { throw Problem(description: "\(address) is not an address") }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(socketAddress.family, kind, 0)
        guard descriptor >= 0 else { throw Problem(description: "\(address): \(Self.lastError)") }
        if case .unix(let path) = address { Self.removeStaleSocket(path, socketAddress) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard socketAddress.withPointer({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, Self.backlog) == 0 else {
            let reason = Self.lastError
            close(descriptor)
            throw Problem(description: "cannot listen on \(address): \(reason)")
        }
        self.descriptor = descriptor
    }

    /// Removes a socket file if a connection to it is refused: its owner is gone.
    private static func removeStaleSocket(_ path: String, _ address: SocketAddress) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        // Not blocking: an owner whose queue is full would keep us waiting.
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let probe = socket(AF_UNIX, kind, 0)
        guard probe >= 0 else { return }
        defer { close(probe) }
        if address.withPointer({ connect(probe, $0, $1) }) != 0, errno == ECONNREFUSED { unlink(path) }
    }

    private static var lastError: String {
        String(cString: strerror(errno))
    }

    /// How many connections the kernel holds until they are taken; it cuts this to `net.core.somaxconn`.
    private static let backlog: Int32 = 4096
}

/// A socket address of any family.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private var size: socklen_t

    var family: Int32 { Int32(storage.ss_family) }

    /// An IPv4 or IPv6 literal; nil for anything else, since looking up a name would block.
    init?(host: String, port: UInt16) {
        var ipv4 = sockaddr_in()
        ipv4.sin_family = sa_family_t(AF_INET)
        ipv4.sin_port = port.bigEndian
        var ipv6 = sockaddr_in6()
        ipv6.sin6_family = sa_family_t(AF_INET6)
        ipv6.sin6_port = port.bigEndian
        if inet_pton(AF_INET, host, &ipv4.sin_addr) == 1 {
            size = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: ipv4, as: sockaddr_in.self) }
        } else if inet_pton(AF_INET6, host, &ipv6.sin6_addr) == 1 {
            size = socklen_t(MemoryLayout<sockaddr_in6>.size)
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: ipv6, as: sockaddr_in6.self) }
        } else {
            return nil
        }
    }

    /// The address of a socket file; nil if the path is too long for one.
    init?(path: String) {
        var unix = sockaddr_un()
        unix.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: unix.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &unix.sun_path) { $0.copyBytes(from: bytes) }
        size = socklen_t(MemoryLayout<sockaddr_un>.size)
        withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: unix, as: sockaddr_un.self) }
    }

    func withPointer<T>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
        }
    }
}
