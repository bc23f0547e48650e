import Glibc

/// The IP address of a client, as the log shows it.
///
/// On a unix socket, the peer is a proxy on this machine, or somebody with the same rights, and is believed when it
/// names the client in `X-Real-IP`. On a port, anybody can connect and write what they like in that field, so the
/// client is the peer itself.
enum ClientAddress {
    /// The address of a connection's peer; nil on a unix socket.
    static func text(of peer: UnsafePointer<sockaddr>?) -> String? {
        guard let peer else { return nil }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let isWritten = text.withUnsafeMutableBufferPointer { text in
            switch Int32(peer.pointee.sa_family) {
            case AF_INET:
                peer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { peer in
                    withUnsafePointer(to: peer.pointee.sin_addr) { write($0, AF_INET, to: text) }
                }
            case AF_INET6:
                peer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { peer in
                    withUnsafePointer(to: peer.pointee.sin6_addr) { write($0, AF_INET6, to: text) }
                }
            default: false
            }
        }
        return isWritten ? String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }

    private static func write(
        _ address: UnsafeRawPointer,
        _ family: Int32,
        to text: UnsafeMutableBufferPointer<CChar>
    ) -> Bool {
        inet_ntop(family, address, text.baseAddress, socklen_t(text.count)) != nil
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
