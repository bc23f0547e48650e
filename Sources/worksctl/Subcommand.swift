import Loop
import Program

/// A command of worksctl; its settings are its properties.
///
/// A new one needs a file, and an entry in ``Invocation/subcommands``.
protocol Subcommand: Sendable {
    static var name: String { get }
    static var help: String { get }
    /// Its options besides `--redis`.
    static var options: [Option<Self>] { get }

    /// The command with its default settings.
    init()

    /// Runs the command, which prints its result on standard output.
    @LoopActor func run(on store: TargetStore) async throws
}

extension Subcommand {
    static var options: [Option<Self>] { [] }

    static var flags: [String] { options.map(\.flag) }

    /// The command with the settings in `arguments`.
    static func read(_ arguments: Arguments) throws(Exit) -> Self {
        if let flag = arguments.flags(notIn: flags + Invocation.flags).first {
            throw .usage("\(name) has no flag \(flag); see \(Invocation.program) \(name) --help")
        }
        var command = Self()
        try arguments.apply(options, environment: { _ in nil }, to: &command)
        return command
    }

    /// Its lines in the help: the command, then its flags.
    static var helpLines: [String] {
        let defaults = Self()
        return ["  \(name)", "      \(help)"]
            + options.map { "      \($0.flag) \($0.form): \($0.explanation(defaults))" }
    }
}
