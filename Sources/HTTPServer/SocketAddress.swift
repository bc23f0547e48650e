import Glibc

/// A socket address of any family, in the form that C's socket calls expect.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private var size: socklen_t

    var family: Int32 { Int32(storage.ss_family) }

    /// The address to bind; nil if C cannot represent it.
    init?(_ address: ListenAddress) {
        switch address {
        case .tcp(let host, let port): self.init(host: host, port: port)
        case .unix(let path): self.init(path: path)
        }
    }

    /// The address of an IPv4 or IPv6 literal; nil for anything else, since looking up a name would block.
    private init?(host: String, port: UInt16) {
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

    /// The address of a socket file; nil if the path does not fit into `sockaddr_un` with its terminator.
    private init?(path: String) {
        var unix = sockaddr_un()
        unix.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: unix.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &unix.sun_path) { $0.copyBytes(from: bytes) }
        size = socklen_t(MemoryLayout<sockaddr_un>.size)
        withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: unix, as: sockaddr_un.self) }
    }

    /// The address that a socket is bound to; nil if the kernel has none to tell.
    init?(boundTo descriptor: Int32) {
        self.init { getsockname(descriptor, $0, $1) }
    }

    /// The address of a connection's other end; nil if the kernel has none to tell.
    init?(connectedTo descriptor: Int32) {
        self.init { getpeername(descriptor, $0, $1) }
    }

    private init?(_ read: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) {
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        self.size = size
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { read($0, &size) }
        }
        guard status == 0 else { return nil }
        self.size = size
    }

    /// The address as ``init(_:)`` takes it; nil for a unix socket without a path, and for other families.
    var listenAddress: ListenAddress? {
        switch family {
        case AF_INET:
            let ipv4 = load(sockaddr_in.self)
            return .tcp(host: Self.text(of: ipv4.sin_addr, AF_INET), port: UInt16(bigEndian: ipv4.sin_port))
        case AF_INET6:
            let ipv6 = load(sockaddr_in6.self)
            return .tcp(host: Self.text(of: ipv6.sin6_addr, AF_INET6), port: UInt16(bigEndian: ipv6.sin6_port))
        case AF_UNIX:
            let path = withUnsafeBytes(of: load(sockaddr_un.self).sun_path) { $0.prefix { $0 != 0 } }
            return path.isEmpty ? nil : .unix(path: String(decoding: path, as: UTF8.self))
        default: return nil
        }
    }

    private func load<T>(_: T.Type) -> T {
        withUnsafeBytes(of: storage) { $0.load(as: T.self) }
    }

    /// The literal of an IP address.
    private static func text<Address>(of address: Address, _ family: Int32) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        _ = withUnsafePointer(to: address) { inet_ntop(family, $0, &text, socklen_t(text.count)) }
        return text.withUnsafeBufferPointer {
            String(decoding: $0.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    func withPointer<T>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
        }
    }
}
