public import Redis

/// The Redis Function library that the store calls; its source says what each function takes and returns.
public enum Library {
    public static let name = "works_1"
    static let commit = "works_1_commit"
    static let free = "works_1_free"
    static let page = "works_1_page"

    /// The command that installs the library, or replaces it by this one.
    public static var load: Command {
        var command = Command("FUNCTION", "LOAD", "REPLACE")
        command.append(PackageResources.works_lua)
        return command
    }
}
