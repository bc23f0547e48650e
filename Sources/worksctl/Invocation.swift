import Program
import Redis

/// What a command line of worksctl asks for: a command and its store.
struct Invocation {
    let command: any Subcommand
    let store: TargetStore

    /// Reads a command line, without the name of the program, and the environment.
    static func read(
        _ arguments: some Sequence<String>,
        environment: (String) -> String?
    ) throws(Exit) -> Reading<Invocation> {
        let arguments = try Arguments(arguments, of: program, flags: flags + subcommands.flatMap { $0.flags })
        switch arguments.inquiry {
        case .help: return .print(help)
        case .version: return .print("\(program) \(Program.version)")
        case nil: break
        }
        guard let name = arguments.words.first else { throw .usage("no command given; see \(program) --help") }
        guard let subcommand = subcommands.first(where: { $0.name == name }) else {
            throw .usage("unknown command '\(name)'; see \(program) --help")
        }
        if arguments.words.count > 1 {
            throw .usage("unexpected argument '\(arguments.words[1])'; see \(program) --help")
        }
        var address = RedisAddress.standard
        let command = try subcommand.read(arguments)
        try arguments.apply(options, environment: environment, to: &address)
        return .run(Invocation(command: command, store: TargetStore(address: address)))
    }

    static let program = "worksctl"
    /// The flags that every command has.
    static var flags: [String] { options.map(\.flag) }

    private static let options: [Option<RedisAddress>] = [.redis(into: \.self)]

    private static let subcommands: [any Subcommand.Type] = [
        Install.self, Verify.self, Rebuild.self, ExportCommand.self, ImportCommand.self, Purge.self, Generate.self,
    ]

    private static var help: String {
        let commands = subcommands.flatMap { $0.helpLines }
        let common = options.flatMap { ["  \($0.flag) \($0.form)", "      \($0.explanation(.standard))"] }
        return """
            worksctl maintains the store of the works API.

            usage: worksctl [--redis URL] COMMAND [--FLAG VALUE]…

            \((commands + common).joined(separator: "\n"))
              --help, --version
            """
    }
}
