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

/// Rewrites every index entry and posting that differs from the hashes, on a store in use.
struct Rebuild: Subcommand {
    static let name = "rebuild"
    static let help = "repair every index from the works and tasks; can be stopped and repeated"

    @LoopActor func run(on store: TargetStore) async throws {
        try await Verification(of: try await store.connect(), mode: .repair).run(titled: Self.name)
    }
}

extension Verification {
    /// Runs, shows its progress, and prints its result; throws if differences remain.
    fileprivate func run(titled title: String) async throws {
        let progress = Progress(title, unit: "keys")
        defer { progress.clear() }
        try await run { done, total in progress.show(done, of: total) }
        progress.clear()
        for difference in differences { try Output.standard.print(difference.printable()) }
        if differenceCount > differences.count {
            try Output.standard.print("… and \(differenceCount - differences.count) more")
        }
        let repaired = mode == .repair ? "\(repairedCount) repaired, " : ""
        try Output.standard.print(
            "\(workCount) works, \(runCount) tasks, \(setCount) sets, \(postingSetCount) posting sets, "
                + "\(repaired)\(differenceCount) differences"
        )
        if differenceCount > 0 { throw Exit.failed("the indexes differ from the works and tasks") }
    }
}
