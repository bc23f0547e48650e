import Glibc
import Synchronization

/// Where a server listens: a port on the loopback address, or a unix socket.
package enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
    case port(UInt16)
    case unix(String)

    package var description: String {
        switch self {
        case .port(let number): "127.0.0.1:\(number)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// A free port, given to no other test of this process.
    ///
    /// The kernel would choose one from the range of outgoing connections. The tests open many of those, and one could
    /// occupy the port before the server listens.
    package static func freePort() throws -> Self {
        for _ in portsServed {
            let turn = portTurns.wrappingAdd(1, ordering: .relaxed).oldValue % UInt32(portsServed.count)
            let address = Self.port(portsServed.lowerBound + UInt16(turn))
            do {
                close(try listen(at: address))
                return address
            } catch let error as SystemError where error.number == EADDRINUSE {}
        }
        throw SystemError("no port is free", EADDRINUSE)
    }

    /// Below the default range of outgoing connections (`net.ipv4.ip_local_port_range`).
    private static let portsServed: Range<UInt16> = 10_000..<32_768

    /// Starts at a random port, so that two test processes seldom try the same.
    private static let portTurns = Atomic<UInt32>(.random(in: 0..<UInt32(portsServed.count)))

    /// Opens a listening socket there; the caller closes it.
    ///
    /// It does not block, since several threads may accept from it.
    package static func listen(at address: Self) throws -> Int32 {
        let descriptor = try address.socket()
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        if case .unix(let path) = address { unlink(path) }
        guard address.withAddress({ bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 511) == 0 else {
            let error = SystemError("cannot listen on \(address)")
            close(descriptor)
            throw error
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        return descriptor
    }

    /// Opens a connection there; the caller closes it.
    func connect() throws -> Int32 {
        let descriptor = try socket()
        guard withAddress({ Glibc.connect(descriptor, $0, $1) }) == 0 else {
            let error = SystemError("cannot connect to \(self)")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private func socket() throws -> Int32 {
        let family: Int32
        switch self {
        case .port: family = AF_INET
        case .unix: family = AF_UNIX
        }
        let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        return descriptor
    }

    private func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        switch self {
        case .port(let number):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = number.bigEndian
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            return withUnsafeBytes(of: &address) {
                body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
            }
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
                guard path.utf8.count < room.count else { return false }
                room.copyBytes(from: path.utf8)
                return true
            }
            precondition(fits, "too long for a unix socket: \(path)")
            return withUnsafeBytes(of: &address) {
                body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
            }
        }
    }
}
