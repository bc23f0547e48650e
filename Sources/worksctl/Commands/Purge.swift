import Bytes
import Loop
import Program
import Store

/// Permanently removes the works that have long been in the trash.
struct Purge: Subcommand {
    static let name = "purge"
    static let help = "permanently remove works that were deleted long ago, with their tasks"
    static let options = [
        Option<Purge>(
            "--older-than",
            form: "30d | 12h | 5m | 0s",
            help: "the minimum time since deletion; required",
            into: \.ageSeconds,
            standard: { _ in nil },
            read: seconds
        )
    ]

    var ageSeconds: Int?

    @LoopActor func run(on store: TargetStore) async throws {
        guard let ageSeconds else { throw Exit.usage("purge needs --older-than, for example 30d") }
        let works = WorkStore(try await store.connect())
        let progress = Progress(Self.name, unit: "works")
        defer { progress.clear() }
        let count = try await works.purge(deletedBefore: ageSeconds) { done, total in
            progress.show(done, of: total)
        }
        progress.clear()
        try Output.standard.print("purged: \(count) works")
    }

    /// The seconds of an age such as `30d`.
    @Sendable private static func seconds(_ text: String) throws(Exit) -> Int? {
        let units: [Character: Int] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
        let digits = text.dropLast()
        guard let unit = text.last.flatMap({ units[$0] }), (1...7).contains(digits.utf8.count),
            let number = Int(digits: digits)
        else {
            throw .usage("'\(text.quotable)' is not a whole number followed by d, h, m or s, for example 30d")
        }
        return number * unit
    }
}
