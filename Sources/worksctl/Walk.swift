import Loop
import Redis
import Store

/// What `verify` and `rebuild` have in common: the walk, its progress, and what it has come to.
enum Walk {
    @LoopActor static func run(_ invocation: Invocation, title: String, mode: Verification.Mode) async throws {
        let verification = try Verification(of: try await invocation.store(), mode: mode)
        let progress = Progress(title, unit: "keys")
        try await verification.run { done, total in progress.show(done, of: total) }
        progress.clear()
        for difference in verification.differences { print(difference) }
        if verification.differenceCount > verification.differences.count {
            print("… and \(verification.differenceCount - verification.differences.count) more")
        }
        print(
            "\(verification.workCount) works, \(verification.runCount) tasks, \(verification.setCount) sets, "
                + "\(verification.postingSetCount) posting sets, "
                + (mode == .repair ? "\(verification.repairedCount) repaired, " : "")
                + "\(verification.differenceCount) differences"
        )
        if verification.differenceCount > 0 { throw Exit.failed("the store differs from its indexes") }
    }
}
