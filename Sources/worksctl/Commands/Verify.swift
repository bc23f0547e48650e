import Bytes
import Loop
import Program
import Store

/// Compares every hash with every index and posting set, both ways, on a store in use.
struct Verify: Subcommand {
    static let name = "verify"
    static let help = "compare every work and task with every index, both ways; exit 1 if anything differs"

    @LoopActor func run(on store: TargetStore) async throws {
        try await Verification(of: try await store.connect(), mode: .report).run(titled: Self.name)
    }
}

/// Rewrites every index entry and posting that differs from the hashes, on a store in use, and finishes purges.
struct Rebuild: Subcommand {
    static let name = "rebuild"
    static let help = "repair every index from the works and tasks, finish purges; can be stopped and repeated"

    @LoopActor func run(on store: TargetStore) async throws {
        let connection = try await store.connect()
        try await Verification(of: connection, mode: .repair).run(titled: Self.name) {
            // Only now, since one of the repaired indexes lists them.
            _ = try await WorkStore(connection).finishPurges()
        }
    }
}

extension Verification {
    /// Runs, shows its progress, calls `finish`, and prints its result; throws if differences remain.
    fileprivate func run(titled title: String, finish: () async throws -> Void = {}) async throws {
        let progress = Progress(title, unit: "keys")
        defer { progress.clear() }
        try await run { done, total in progress.show(done, of: total) }
        try await finish()
        progress.clear()
        for difference in differences { try Output.standard.print(difference.printable()) }
        if differenceCount > differences.count {
            try Output.standard.print("… and \(differenceCount - differences.count) more")
        }
        try Output.standard.print(
            "\(workCount) works, \(runCount) tasks, \(setCount) sets, \(postingSetCount) posting sets, "
                + "\(remarks)\(differenceCount) differences"
        )
        if differenceCount > 0 { throw Exit.failed("the indexes differ from the works and tasks") }
    }

    private var remarks: String {
        let isRepair = mode == .repair
        let purges = "\(unfinishedPurgeCount) unfinished purges\(isRepair ? " finished" : ""), "
        return (isRepair ? "\(repairedCount) repaired, " : "") + (unfinishedPurgeCount > 0 ? purges : "")
    }
}
