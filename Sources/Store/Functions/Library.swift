public import Redis

/// The Redis Function library that the store calls; its source says what each function expects and replies.
public enum Library {
    public static let name = "works_1"
    static let commit = "works_1_commit"
    static let free = "works_1_free"
    static let missing = "works_1_missing"
    static let positions = "works_1_positions"
    static let page = "works_1_page"
    static let search = "works_1_search"

    /// The command that installs the library, or replaces an installed one.
    public static var load: Command {
        var command = Command("FUNCTION", "LOAD", "REPLACE")
        command.append(source)
        return command
    }

    /// What the functions share, followed by the other files, each in its own scope and in no particular order.
    private static var source: [UInt8] {
        let files = [
            PackageResources.commit_lua, PackageResources.missing_lua, PackageResources.positions_lua,
            PackageResources.page_lua, PackageResources.blocks_lua, PackageResources.search_lua,
        ]
        return files.reduce(PackageResources.shared_lua) { $0 + "\ndo\n".utf8 + $1 + "\nend\n".utf8 }
    }
}
