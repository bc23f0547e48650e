internal import Loop
internal import Redis

/// Compares every hash with every index and posting, both ways, on a store in use.
enum Verify: Subcommand {
    static let name = "verify"
    static let help = "compare every work and task with every index, both ways; exit 1 if anything differs"

    @LoopActor static func run(on connection: RedisConnection) async throws(Stop) {
        try await Walk.run(on: connection, title: name, mends: false)
    }
}
