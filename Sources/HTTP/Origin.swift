import Bytes

/// The origin of a page: scheme, host and port (RFC 6454).
public struct Origin: Hashable, Sendable {
    private let scheme: String
    /// In lower case, since host names ignore case.
    private let host: String
    private let port: Int

    /// Reads an `Origin` header such as `https://tools.corp` or `http://10.0.0.7:8080`.
    ///
    /// Nil for `null`, which stands for an origin that is not told, and for anything else.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1)
        guard parts.count == 2, parts[1].starts(with: "//".utf8) else { return nil }
        self.init(scheme: Substring(parts[0]).lowercased(), authority: Substring(parts[1].dropFirst(2)))
    }

    /// The origin of the service itself, as the client of `page` addressed it in its `Host` header.
    ///
    /// `Host` holds no scheme, so that of the page counts; without a port it is the scheme's (RFC 9110 §7.2).
    public init?(host: String, asSeenFrom page: Origin) {
        self.init(scheme: page.scheme, authority: host[...])
    }

    private init?(scheme: String, authority: Substring) {
        guard let standardPort = scheme == "https" ? 443 : scheme == "http" ? 80 : nil else { return nil }
        let bytes = authority.utf8
        // The colons of an IPv6 address are inside its brackets.
        let colon = bytes.lastIndex(of: UInt8(ascii: ":")).flatMap { colon in
            bytes[colon...].contains(UInt8(ascii: "]")) ? nil : colon
        }
        let host = bytes[..<(colon ?? bytes.endIndex)]
        guard !host.isEmpty, !host.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "@") }) else {
            return nil
        }
        if let colon {
            guard let port = Int(digits: authority[bytes.index(after: colon)...]), (1...65_535).contains(port) else {
                return nil
            }
            self.port = port
        } else {
            port = standardPort
        }
        self.scheme = scheme
        self.host = String(Substring(host)).lowercased()
    }
}
