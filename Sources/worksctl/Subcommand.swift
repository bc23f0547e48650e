import Loop
import Program

/// A command of worksctl; its settings are its properties.
///
/// A new one is a file, and a line in ``Invocation/subcommands``.
protocol Subcommand: Sendable {
    static var name: String { get }
    static var help: String { get }
    /// The flags that it has besides `--redis`.
    static var options: [Option<Self>] { get }

    /// The command with its default settings.
    init()

    /// Does it; its result goes to standard output.
    @LoopActor func run(on store: TargetStore) async throws
}

extension Subcommand {
    static var options: [Option<Self>] { [] }

    static var flags: [String] { options.map(\.flag) }

    /// The command with the settings that `arguments` give.
    static func read(_ arguments: Arguments) throws(Exit) -> Self {
        if let flag = arguments.flags(notIn: flags + Invocation.flags).first {
            throw .usage("\(name) has no flag \(flag); see \(Invocation.program) --help")
        }
        var command = Self()
        try arguments.apply(options, environment: { _ in nil }, to: &command)
        return command
    }

    /// Its lines in the help: itself, then its flags.
    static var helpLines: [String] {
        let defaults = Self()
        return ["  \(name)", "      \(help)"]
            + options.map { "      \($0.flag) \($0.form): \($0.explanation(defaults))" }
    }
}
