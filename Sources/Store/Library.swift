public import Redis

/// The Redis Function library that the store calls; its source says what each function takes and returns.
public enum Library {
    public static let name = "works_1"
    static let commit = "works_1_commit"
    static let free = "works_1_free"
    static let lack = "works_1_lack"
    static let places = "works_1_places"
    static let page = "works_1_page"
    static let search = "works_1_search"

    /// The command that installs the library, or replaces it by this one.
    public static var load: Command {
        var command = Command("FUNCTION", "LOAD", "REPLACE")
        command.append(source)
        return command
    }

    /// The files of `Scripts/`, each of which may use what those before it define.
    private static var source: [UInt8] {
        let files = [
            PackageResources.commit_lua, PackageResources.conditions_lua, PackageResources.places_lua,
            PackageResources.page_lua, PackageResources.search_lua,
        ]
        return Array(files.joined(separator: "\n".utf8))
    }
}
