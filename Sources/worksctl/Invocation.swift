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
        if arguments.inquiry == .version { return .print("\(program) \(Program.version)") }
        var words = arguments.words[...]
        let asksForHelp = arguments.inquiry == .help || words.first == helpCommand
        if words.first == helpCommand { words.removeFirst() }
        guard let name = words.popFirst() else {
            if asksForHelp { return .print(help) }
            throw .usage("no command given; see \(program) --help")
        }
        guard let subcommand = subcommands.first(where: { $0.name == name }) else {
            throw .usage("unknown command '\(name.quotable)'; see \(program) --help")
        }
        if let word = words.first { throw .usage("unexpected argument '\(word.quotable)'; see \(program) --help") }
        if asksForHelp { return .print(help(on: subcommand)) }
        var address = RedisAddress.standard
        let command = try subcommand.read(arguments)
        try arguments.apply(options, environment: environment, to: &address)
        return .run(Invocation(command: command, store: TargetStore(address: address)))
    }

    static let program = "worksctl"
    /// The flags that every command has.
    static var flags: [String] { options.map(\.flag) }

    static let options: [Option<RedisAddress>] = [.redis(into: \.self)]

    static let subcommands: [any Subcommand.Type] = [
        Install.self, StatusCommand.self, Verify.self, Rebuild.self, ExportCommand.self, ImportCommand.self, Purge.self,
        Generate.self,
    ]

    /// `worksctl help` and `worksctl help COMMAND` are what `--help` is elsewhere.
    private static let helpCommand = "help"

    private static var help: String {
        """
        worksctl maintains the store of the works API.

        usage: worksctl [--redis URL] COMMAND [--FLAG VALUE]…

        \((subcommands.flatMap { $0.helpLines } + commonLines).joined(separator: "\n"))
          help [COMMAND], COMMAND --help
              explain all commands, or one
          -h, --help, --version
        """
    }

    private static func help(on subcommand: any Subcommand.Type) -> String {
        let flags = subcommand.flags.isEmpty ? "" : " [--FLAG VALUE]…"
        return """
            usage: \(program) [--redis URL] \(subcommand.name)\(flags)

            \((subcommand.helpLines + commonLines).joined(separator: "\n"))
            """
    }

    /// The lines on the flags that every command has.
    private static var commonLines: [String] {
        options.flatMap { ["  \($0.flag) \($0.form)", "      \($0.explanation(.standard))"] }
    }
}
