public import Redis
import Works

/// The Redis Function library that the store calls; the files beside this one say what each function expects and
/// replies.
///
/// The library has a number of its own, apart from the schema's: it changes with every change to what a function
/// expects or replies. Libraries of different numbers can be installed side by side, so workers of two versions can run
/// during an upgrade, each with its own library
/// (https://redis.io/docs/latest/develop/programmability/functions-intro/).
public enum Library {
    public static let name = "works_3"

    static let commit = name + "_commit"
    static let free = name + "_free"
    static let draw = name + "_draw"
    static let rights = name + "_rights"
    static let missing = name + "_missing"
    static let positions = name + "_positions"
    static let page = name + "_page"
    static let search = name + "_search"

    /// The command that installs the library, or replaces an installed one of the same number.
    public static var load: Command {
        var command = Command("FUNCTION", "LOAD", "REPLACE")
        command.append(source)
        return command
    }

    /// The call of a function with its query.
    static func call(_ function: String, _ keys: [String], _ query: MessagePack, isRead: Bool) -> Command {
        var command = Command(isRead ? "FCALL_RO" : "FCALL", function)
        command.isHarmlessToRepeat = isRead
        command.append(keys.count)
        for key in keys { command.append(key) }
        command.append(query.map)
        return command
    }

    /// Asks about a key that never exists, to find out whether the library is installed.
    static let probe = PageScript.positions(
        in: Keys.nowhere,
        isDescending: true,
        from: .after(Position(score: 0, id: "")),
        count: 1
    )

    /// Asks which commands the user may not run, of all that a worker needs.
    static let missingRights = call(rights, [Keys.nowhere], MessagePack(), isRead: true)

    /// What the functions share, followed by the other files, each in its own scope and in no particular order.
    private static var source: [UInt8] {
        let head = Array("#!lua name=\(name)\nlocal library = '\(name)'\n".utf8)
        let files = [
            PackageResources.commit_lua, PackageResources.missing_lua, PackageResources.positions_lua,
            PackageResources.page_lua, PackageResources.blocks_lua, PackageResources.search_lua,
            PackageResources.draw_lua, PackageResources.rights_lua,
        ]
        return files.reduce(head + PackageResources.shared_lua) { $0 + "\ndo\n".utf8 + $1 + "\nend\n".utf8 }
    }
}
