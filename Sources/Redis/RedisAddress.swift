/// Where a Redis is, who we are to it, and which of its databases is meant.
public struct RedisAddress: Sendable, Equatable {
    public enum Place: Sendable, Equatable {
        /// The host is an IP address; looking up a name would stop the loop meanwhile.
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    public let place: Place
    /// Nil is Redis's own `default` user.
    public let user: String?
    public let password: String?
    public let database: Int

    public init(_ place: Place, user: String? = nil, password: String? = nil, database: Int = 0) {
        self.place = place
        self.user = user
        self.password = password
        self.database = database
    }

    /// What a new connection says before anything else.
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
}

extension RedisAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The address for logs: the password is not in it.
    public var description: String {
        let user = user.map { "\($0)@" } ?? ""
        return switch place {
        case .tcp(let host, let port):
            "redis://\(user)\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        case .unix(let path):
            "unix://\(user)\(path)?db=\(database)"
        }
    }

    public var debugDescription: String { description }

    /// Nothing, so that a dump does not show the password either.
    public var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
