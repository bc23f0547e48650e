import Loop
import Store
import Works

/// Removes for good what has been in the trash for long.
enum Purge: Subcommand {
    static let name = "purge"
    static let options = [Option(flag: "--older-than", form: "30d | 12h | 5m | 0s")]
    static let help = "remove the works that were deleted longer ago than this, with their tasks, for good"

    @LoopActor static func run(_ invocation: Invocation) async throws {
        guard let text = invocation.values["--older-than"] else {
            throw Exit.usage("purge needs --older-than, such as 30d")
        }
        guard let seconds = seconds(text) else {
            throw Exit.usage("--older-than: '\(text)' is not a whole number with d, h, m or s behind it, such as 30d")
        }
        let connection = try await invocation.store()
        let progress = Progress(name, unit: "works")
        defer { progress.clear() }
        let count = try await WorkStore(connection).purge(deletedBefore: seconds) { done, total in
            progress.show(done, of: total)
        }
        progress.clear()
        print("purged: \(count) works")
    }

    private static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
        guard let unit = text.last.flatMap({ units[$0] }) else { return nil }
        let digits = text.dropLast()
        guard (1...7).contains(digits.utf8.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(digits).map { $0 * unit }
    }
}
