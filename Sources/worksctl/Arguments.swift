import Redis

/// The command line of worksctl: a command with its flags, and the same setting of the store as the worker's.
enum Arguments {
    /// What the command line comes to.
    enum Reading {
        case run(any Subcommand.Type, Invocation)
        /// `--help` and `--version`: print this, and be done.
        case print(String)
        case refuse(String)
    }

    static let version = "1.0.0"

    private static let subcommands: [any Subcommand.Type] = [
        Install.self, Verify.self, Rebuild.self, ExportCommand.self, ImportCommand.self, Purge.self, Generate.self,
    ]

    static func read(_ arguments: [String], environment: (String) -> String?) -> Reading {
        var values: [String: String] = [:]
        var subcommand: (any Subcommand.Type)?
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--help" { return .print(help) }
            if argument == "--version" { return .print("worksctl \(version)") }
            if argument.hasPrefix("--") {
                guard let value = rest.popFirst() else { return .refuse("\(argument) needs a value") }
                guard values.updateValue(value, forKey: argument) == nil else {
                    return .refuse("\(argument) is given twice")
                }
            } else if let known = subcommands.first(where: { $0.name == argument }), subcommand == nil {
                subcommand = known
            } else {
                return .refuse("'\(argument)' is not understood; see worksctl --help")
            }
        }
        guard let subcommand else { return .refuse("which command? see worksctl --help") }
        let url = values.removeValue(forKey: "--redis")
        if let unknown = values.keys.sorted().first(where: { flag in !subcommand.options.contains { $0.flag == flag } })
        {
            return .refuse("\(unknown) is no flag of \(subcommand.name); see worksctl --help")
        }
        let name = url == nil ? "WORKS_REDIS_URL" : "--redis"
        do throws(RedisAddressError) {
            let address = try RedisAddress(url: url ?? environment("WORKS_REDIS_URL") ?? "redis://127.0.0.1:6379/0")
            return .run(subcommand, Invocation(address: address, values: values))
        } catch {
            return .refuse("\(name): \(error)")
        }
    }

    private static var help: String {
        let commands = subcommands.map { subcommand in
            let options = subcommand.options.map { " \($0.flag) \($0.form)" }.joined()
            return "  \(subcommand.name)\(options)\n      \(subcommand.help)"
        }
        return """
            worksctl looks after the store of the works API.

            usage: worksctl [--redis URL] COMMAND [--FLAG VALUE]…

            \(commands.joined(separator: "\n"))
              --redis URL
                  the store: redis://[user[:password]@]IP[:port][/db] or unix:///path?db=0;
                  default redis://127.0.0.1:6379/0 [WORKS_REDIS_URL]
              --help, --version
            """
    }
}
