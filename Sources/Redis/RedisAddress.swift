/// Where a Redis is, who we are to it, and which of its databases is meant.
package struct RedisAddress: Sendable, Equatable {
    package enum Endpoint: Sendable, Equatable {
        /// The host is an IP address; looking up a name would stop the loop meanwhile.
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    package let endpoint: Endpoint
    /// Nil is Redis's own `default` user.
    package let user: String?
    package let password: String?
    package let database: Int

    package init(_ endpoint: Endpoint, user: String? = nil, password: String? = nil, database: Int = 0) {
        self.endpoint = endpoint
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
    package var description: String {
        let user = user.map { "\($0)@" } ?? ""
        return switch endpoint {
        case .tcp(let host, let port):
            "redis://\(user)\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        case .unix(let path):
            "unix://\(user)\(path)?db=\(database)"
        }
    }

    package var debugDescription: String { description }

    /// Nothing, so that a dump does not show the password either.
    package var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
