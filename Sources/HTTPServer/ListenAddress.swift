import Bytes

/// Where a server listens.
public enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
    case tcp(host: String, port: UInt16)
    case unix(path: String)

    /// Reads `HOST:PORT` (an IP address, IPv6 in brackets, or `localhost`) or `unix:/path`; nil for anything else.
    public init?(_ text: String) {
        guard let address = Self.unix(in: text) ?? Self.tcp(in: text), SocketAddress(address) != nil else { return nil }
        self = address
    }

    /// Accepts no URL with a host or a login: it would be the address of a Redis, whose password a path does not hide.
    private static func unix(in text: String) -> Self? {
        guard text.hasPrefix("unix:/"), !text.hasPrefix("unix://") || text.hasPrefix("unix:///") else { return nil }
        return .unix(path: String(text.dropFirst("unix:".count)))
    }

    private static func tcp(in text: String) -> Self? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard let port = Int(digits: digits).flatMap(UInt16.init(exactly:)) else { return nil }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        // Without brackets, the end of an IPv6 address is ambiguous.
        guard isBracketed == host.contains(":") else { return nil }
        let address = isBracketed ? host.dropFirst().dropLast() : host
        return .tcp(host: address == "localhost" ? "127.0.0.1" : String(address), port: port)
    }

    public var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
