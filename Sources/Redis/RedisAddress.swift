/// The address of a Redis, the user to log in as, and the database to select.
public struct RedisAddress: Sendable, Equatable {
    public enum Endpoint: Sendable, Equatable {
        /// The host is an IP address: looking up a name would block the loop.
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    public let endpoint: Endpoint
    /// Nil means Redis's `default` user.
    public let user: String?
    public let password: String?
    public let database: Int

    public init(_ endpoint: Endpoint, user: String? = nil, password: String? = nil, database: Int = 0) {
        self.endpoint = endpoint
        self.user = user
        self.password = password
        self.database = database
    }

    /// The commands that a new connection sends before any other.
    var greeting: [Command] {
        var commands: [Command] = []
        if let user {
            commands.append(Command("AUTH", user, password ?? ""))
        } else if let password {
            commands.append(Command("AUTH", password))
        }
        if database != 0 { commands.append(Command("SELECT", String(database))) }
        return commands
    }

    /// What Redis says about the greeting, without the password.
    ///
    /// A Redis whose `AUTH` has been renamed repeats the arguments of the unknown command, or their beginning.
    func hidingPassword(in sentence: String) -> String {
        let words = sentence.firstRange(of: ", with args").map { String(sentence[..<$0.lowerBound]) } ?? sentence
        guard let password, !password.isEmpty else { return words }
        return words.replacing(password, with: "***")
    }
}

extension RedisAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The address for logs, without the password.
    ///
    /// A user without a password is hidden, too: whoever forgets the colon of `redis://:password@host` has written the
    /// password where the user belongs.
    public var description: String {
        let user = user.map { password == nil ? "***@" : "\($0)@" } ?? ""
        return switch endpoint {
        case .tcp(let host, let port):
            "redis://\(user)\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        case .unix(let path):
            "unix://\(user)\(path)?db=\(database)"
        }
    }

    public var debugDescription: String { description }

    /// Empty, so that a dump does not show the password either.
    public var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
