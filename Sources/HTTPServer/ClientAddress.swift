import Glibc

/// The IP address of a client, as the log shows it.
///
/// On a unix socket, the peer is a proxy on this machine, or somebody with the same rights, and is believed when it
/// names the client in `X-Real-IP`. On a port, anybody can connect and write what they like in that field, so the
/// client is the peer itself.
enum ClientAddress {
    /// The address of a connection's peer; nil on a unix socket.
    static func text(ofPeerOn socket: Int32) -> String? {
        guard case .tcp(let host, _) = SocketAddress(connectedTo: socket)?.listenAddress else { return nil }
        return host
    }

    /// The address that a field names; nil if its value, which ends in a NUL, is not exactly one.
    static func text(in value: UnsafeRawBufferPointer) -> String? {
        guard (1...textBytesMax).contains(value.count), let start = value.baseAddress else { return nil }
        var room = in6_addr()
        let text = start.assumingMemoryBound(to: CChar.self)
        guard inet_pton(AF_INET, text, &room) == 1 || inet_pton(AF_INET6, text, &room) == 1 else { return nil }
        return String(decoding: value, as: UTF8.self)
    }

    /// The longest text of an IP address, of IPv6 with the last part in the form of IPv4.
    private static let textBytesMax = 45
}
