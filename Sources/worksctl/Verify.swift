internal import Loop
internal import Redis
internal import Store

/// Compares every hash with every index, both ways, on a store in use.
enum Verify: Subcommand {
    static let name = "verify"
    static let help = "compare every work and task with every index, both ways; exit 1 if anything differs"

    @LoopActor static func run(on connection: RedisConnection) async throws(Stop) {
        let inspection = Inspection(of: connection)
        let isInstalled: Bool
        do throws(RedisError) {
            isInstalled = try await inspection.isInstalled()
        } catch {
            throw Stop(error)
        }
        guard isInstalled else { throw .failed("the store is not installed; run worksctl install") }
        let progress = Progress("verify")
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
                + "\(inspection.differenceCount) differences"
        )
        if inspection.differenceCount > 0 { throw .failed("the store differs from its indexes") }
    }
}
