/// A command line, sorted into flags with their values and other words.
///
/// Every flag has one value: `--flag value` or `--flag=value`. Whatever follows a flag is its value, even if it begins
/// with a dash. `--help`, its short form `-h`, and `--version` have none, and whatever follows them is ignored.
public struct Arguments: Equatable {
    /// The words that are neither a flag nor a value, in order.
    public private(set) var words: [String] = []
    /// What to print, if the command line asks for `--help` or `--version`.
    public private(set) var inquiry: Inquiry?
    private var values: [String: String] = [:]

    public enum Inquiry {
        case help
        case version
    }

    /// Sorts the arguments.
    ///
    /// - Parameters:
    ///   - arguments: without the name of the program.
    ///   - program: its name, for errors.
    ///   - flags: the flags that the program knows.
    /// - Throws: if a flag is unknown, is repeated or has no value.
    public init(_ arguments: some Sequence<String>, of program: String, flags: some Sequence<String>) throws(Exit) {
        let known = Set(flags)
        var rest = Array(arguments)[...]
        while inquiry == nil, let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": inquiry = .help
            case "--version": inquiry = .version
            case _ where argument.hasPrefix("--"):
                let (flag, attached) = Self.split(argument)
                guard known.contains(flag) else { throw .usage("unknown flag \(flag.quotable); see \(program) --help") }
                guard let value = attached ?? rest.popFirst() else { throw .usage("\(flag) needs a value") }
                guard values.updateValue(value, forKey: flag) == nil else { throw .usage("\(flag) is given twice") }
            default: words.append(argument)
            }
        }
    }

    private static func split(_ argument: String) -> (flag: String, value: String?) {
        guard let sign = argument.firstIndex(of: "=") else { return (argument, nil) }
        return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
    }

    /// The flags that were given but are not among `flags`, sorted.
    public func flags(notIn flags: some Sequence<String>) -> [String] {
        Set(values.keys).subtracting(flags).sorted()
    }

    /// Reads each option that is given, by its flag or else by its variable; the others keep their value in `settings`.
    public func apply<Settings>(
        _ options: [Option<Settings>],
        environment: (String) -> String?,
        to settings: inout Settings
    ) throws(Exit) {
        for option in options {
            if let value = values[option.flag] {
                try option.apply(value, from: option.flag, to: &settings)
            } else if let variable = option.variable, let value = environment(variable) {
                try option.apply(value, from: variable, to: &settings)
            }
        }
    }
}

/// What a command line asks for.
public enum Reading<Command> {
    case run(Command)
    /// The answer to `--help` or `--version`.
    case print(String)
}
