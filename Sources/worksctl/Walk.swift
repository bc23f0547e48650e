import Loop
import Redis
import Store

/// What `verify` and `rebuild` have in common: the walk, its progress, and what it has come to.
enum Walk {
    @LoopActor static func run(_ invocation: Invocation, title: String, mends: Bool) async throws(Stop) {
        let client = try await invocation.connect()
        let secret = try await invocation.secret(of: client)
        let inspection = Verification(of: client, secret: secret, mends: mends)
        let progress = Progress(title, unit: "keys")
        do throws(RedisError) {
            try await inspection.run { done, total in progress.show(done, of: total) }
        } catch {
            throw Stop(error)
        }
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
        if inspection.differenceCount > 0 { throw .failed("the store differs from its indexes") }
    }
}
