import Loop
import Redis
import Store

/// What `verify` and `rebuild` have in common: the walk, its progress, and what it has come to.
enum Walk {
    @LoopActor static func run(_ invocation: Invocation, title: String, mends: Bool) async throws {
        let inspection = try Verification(of: try await invocation.store(), mends: mends)
        let progress = Progress(title, unit: "keys")
        try await inspection.run { done, total in progress.show(done, of: total) }
        progress.clear()
        for difference in inspection.differences { print(difference) }
        if inspection.differenceCount > inspection.differences.count {
            print("… and \(inspection.differenceCount - inspection.differences.count) more")
        }
        print(
            "\(inspection.workCount) works, \(inspection.runCount) tasks, \(inspection.setCount) sets, "
                + "\(inspection.postingSetCount) posting sets, "
                + (mends ? "\(inspection.mendedCount) mended, " : "") + "\(inspection.differenceCount) differences"
        )
        if inspection.differenceCount > 0 { throw Exit.failed("the store differs from its indexes") }
    }
}
