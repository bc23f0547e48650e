/// A setting of a program: its flag, its environment variable, and how its value is read.
public struct Option<Settings>: Sendable {
    /// Such as `--idle-seconds`.
    public let flag: String
    /// The environment variable that is read if the flag is not given; nil if there is none.
    public private(set) var variable: String?
    /// What a value looks like, for the help, such as `N`.
    public let form: String
    private let help: String
    private let standard: @Sendable (Settings) -> String?
    private let read: @Sendable (String, inout Settings) throws(Exit) -> Void

    /// Describes an option.
    ///
    /// - Parameters:
    ///   - flag: with its two dashes.
    ///   - variable: the environment variable, if any.
    ///   - form: what a value looks like.
    ///   - help: what the setting is for.
    ///   - path: the property for the value.
    ///   - standard: the default as the help shows it; nil to show none.
    ///   - read: reads a value; throws what is wrong with it.
    public init<Value>(
        _ flag: String,
        variable: String? = nil,
        form: String,
        help: String,
        into path: any WritableKeyPath<Settings, Value> & Sendable,
        standard: @escaping @Sendable (Value) -> String? = { "\($0)" },
        read: @escaping @Sendable (String) throws(Exit) -> Value
    ) {
        self.flag = flag
        self.variable = variable
        self.form = form
        self.help = help
        self.standard = { standard($0[keyPath: path]) }
        self.read = { text, settings throws(Exit) in settings[keyPath: path] = try read(text) }
    }

    /// The same option, also read from the environment: `--idle-seconds` from `WORKS_IDLE_SECONDS`.
    public var withVariable: Option {
        var option = self
        option.variable = variable ?? "WORKS_" + flag.dropFirst(2).uppercased().replacing("-", with: "_")
        return option
    }

    /// What the option is for, its default and its variable, in one line.
    public func explanation(_ defaults: Settings) -> String {
        help + (standard(defaults).map { "; default \($0)" } ?? "") + (variable.map { " [\($0)]" } ?? "")
    }

    /// Reads a value into `settings`; `name` is the flag or the variable that gave it.
    func apply(_ text: String, from name: String, to settings: inout Settings) throws(Exit) {
        do throws(Exit) {
            try read(text, &settings)
        } catch {
            throw Exit("\(name): \(error.sentence)", status: error.status)
        }
    }
}
