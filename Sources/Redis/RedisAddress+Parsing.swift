import Bytes
import Glibc

/// What is wrong with a Redis address, in a sentence that quotes no part of it, since it may contain a password.
public struct RedisAddressError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension RedisAddress {
    /// Reads `redis://[user[:password]@]host[:port][/db]` or `unix://[user[:password]@]/path[?db=0]`.
    ///
    /// Any character of a user, password or path may be percent-encoded; `@ / : ? # %` must be, wherever they would
    /// otherwise have another meaning. An IPv6 address is in brackets.
    public init(url: String) throws(RedisAddressError) {
        guard !url.utf8.contains(UInt8(ascii: "#")) else {
            throw RedisAddressError("a # in a Redis address must be written as %23")
        }
        if let rest = url.dropping(prefix: "redis://") {
            self = try Self.tcp(rest)
        } else if let rest = url.dropping(prefix: "unix://") {
            self = try Self.unix(rest)
        } else {
            throw RedisAddressError("a Redis address must begin with redis:// or unix://")
        }
    }

    private static func tcp(_ text: Substring) throws(RedisAddressError) -> Self {
        guard !text.contains("?") else {
            throw RedisAddressError("a Redis address with a host has no ?; write the database after a slash")
        }
        let (authority, path) = text.split(atFirst: "/")
        let (login, endpoint) = Self.splitLogin(authority)
        let (user, password) = try Self.credentials(login)
        let (host, port) = try Self.endpoint(endpoint)
        let database = path.map { $0.isEmpty ? "0" : $0 } ?? "0"
        return Self(
            .tcp(host: try Self.address(host), port: try Self.port(port)),
            user: user,
            password: password,
            database: try Self.database(database)
        )
    }

    private static func unix(_ text: Substring) throws(RedisAddressError) -> Self {
        let (location, query) = text.split(atFirst: "?")
        guard let slash = location.firstIndex(of: "/") else {
            throw RedisAddressError("a unix address needs the absolute path of a socket, as in unix:///run/redis.sock")
        }
        let (login, host) = Self.splitLogin(location[..<slash])
        guard host.isEmpty else {
            throw RedisAddressError("a unix address has no host; write three slashes before the path")
        }
        let (user, password) = try Self.credentials(login)
        let path = try Self.decoded(location[slash...], "path")
        guard path.utf8.count > 1, path.utf8.count <= pathBytesMax else {
            throw RedisAddressError("the path of a Redis socket must have 2 to \(pathBytesMax) bytes")
        }
        return Self(.unix(path: path), user: user, password: password, database: try Self.database(query: query))
    }

    // MARK: Parts

    /// Splits at the last `@`; without one, there is no login.
    private static func splitLogin(_ authority: Substring) -> (login: Substring?, rest: Substring) {
        guard let at = authority.lastIndex(of: "@") else { return (nil, authority) }
        return (authority[..<at], authority[authority.index(after: at)...])
    }

    private static func credentials(
        _ login: Substring?
    ) throws(RedisAddressError) -> (user: String?, password: String?) {
        guard let login else { return (nil, nil) }
        let (user, password) = login.split(atFirst: ":")
        let name = try Self.decoded(user, "user")
        let secret: String? = if let password { try Self.decoded(password, "password") } else { nil }
        return (name.isEmpty ? nil : name, secret)
    }

    private static func endpoint(
        _ text: Substring
    ) throws(RedisAddressError) -> (host: Substring, port: Substring?) {
        guard text.first == "[" else { return text.split(atFirst: ":") }
        guard let bracket = text.firstIndex(of: "]") else {
            throw RedisAddressError("the bracket before the host of the Redis address is not closed")
        }
        let host = text[text.index(after: text.startIndex)..<bracket]
        let rest = text[text.index(after: bracket)...]
        guard host.contains(":"), rest.isEmpty || rest.first == ":" else {
            throw RedisAddressError("a host in brackets must be an IPv6 address; a colon and the port may follow it")
        }
        return (host, rest.isEmpty ? nil : rest.dropFirst())
    }

    /// Accepts a host that needs no name look-up.
    private static func address(_ host: Substring) throws(RedisAddressError) -> String {
        if host == "localhost" { return "127.0.0.1" }
        var room = in6_addr()
        let host = String(host)
        guard inet_pton(AF_INET, host, &room) == 1 || inet_pton(AF_INET6, host, &room) == 1 else {
            throw RedisAddressError(
                "the host of a Redis address must be an IP address or localhost; names are not looked up"
            )
        }
        return host
    }

    private static func port(_ text: Substring?) throws(RedisAddressError) -> Int {
        guard let text else { return 6379 }
        guard let port = text.decimal, (1...65535).contains(port) else {
            throw RedisAddressError("the port of a Redis address must be a number from 1 to 65535")
        }
        return port
    }

    private static func database(query: Substring?) throws(RedisAddressError) -> Int {
        guard let query, !query.isEmpty else { return 0 }
        guard let number = String(query).dropping(prefix: "db=") else {
            throw RedisAddressError("after the ? of a unix address, only db= and a number may follow")
        }
        return try database(number)
    }

    private static func database(_ text: Substring) throws(RedisAddressError) -> Int {
        guard let number = text.decimal else {
            throw RedisAddressError("the database of a Redis address must be a number from 0 up")
        }
        return number
    }

    private static func decoded(_ text: Substring, _ part: String) throws(RedisAddressError) -> String {
        guard let decoded = Percent.decode(text), !decoded.utf8.contains(0) else {
            throw RedisAddressError(
                "the \(part) of a Redis address must be UTF-8 without NUL, with two hexadecimal digits after every %"
            )
        }
        return decoded
    }

    /// One less than the kernel's limit: hiredis does not terminate a path of that length.
    static let pathBytesMax = 106
}

extension String {
    fileprivate func dropping(prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}

extension Substring {
    /// Splits at the first `separator`; without one, the second part is nil.
    fileprivate func split(atFirst separator: Character) -> (Substring, Substring?) {
        guard let index = firstIndex(of: separator) else { return (self, nil) }
        return (self[..<index], self[self.index(after: index)...])
    }

    /// The number, if the text is one to nine digits and nothing else.
    fileprivate var decimal: Int? {
        utf8.count <= 9 ? Int(digits: self) : nil
    }
}
