import Bytes
import Loop
import Program
import Redis
import Store
import Works

/// Prints the state of the store, one line for each fact.
struct StatusCommand: Subcommand {
    static let name = "status"
    static let help = "show the store and its Redis at a glance; exit 1 if workers cannot use it"

    @LoopActor func run(on store: TargetStore) async throws {
        let status = try await StoreStatus(of: try await store.connectToRedis())
        let facts = [("store", store.address.description)] + status.facts
        let width = facts.map(\.0.count).max() ?? 0
        for (name, value) in facts {
            let gap = String(repeating: " ", count: width - name.count + 2)
            try Output.standard.print(name + gap + value.printable())
        }
        if let problem = status.problems.first { throw Exit.failed(problem) }
    }
}

extension StoreStatus {
    /// The names and values of the lines, in order.
    fileprivate var facts: [(String, String)] {
        [
            ("redis", "\(redisVersion ?? "of unknown version"), \(isPrimary ? "primary" : "replica")"),
            ("memory", memory),
            ("append-only file", hasAppendOnlyFile ? "on, last write \(lastWriteOutcome ?? "unknown")" : "off"),
            ("schema", schema.map { "\($0)" } ?? "none"),
            ("library", Library.name + (hasLibrary ? "" : ", not installed")),
        ] + workFacts + usability
    }

    private var workFacts: [(String, String)] {
        guard let counts else { return [] }
        let statuses = counts.live.map { ("  status \($0.status.number)", "\($0.count)") }
        return [("works", "\(counts.live.reduce(0) { $0 + $1.count })")] + statuses + [("trash", "\(counts.inTrash)")]
    }

    private var usability: [(String, String)] {
        problems.isEmpty ? [("usable", "yes")] : problems.map { ("usable", "no: \($0)") }
    }

    private var memory: String {
        let used = usedBytes.map(Self.size) ?? "unknown"
        let limit = usedBytesMax.map { " of \(Self.size($0))" } ?? ", no limit"
        return used + limit + (evictionPolicy.map { ", \($0)" } ?? "")
    }

    /// A size in the unit in which it has one to four digits before the point.
    private static func size(_ bytes: Int) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var size = Double(bytes)
        var unit = 0
        while size >= 1024, unit < units.count - 1 {
            size /= 1024
            unit += 1
        }
        let tenths = Int((size * 10).rounded())
        return unit == 0 ? "\(bytes) B" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
