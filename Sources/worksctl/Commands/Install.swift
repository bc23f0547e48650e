import Loop
import Program
import Store

/// Prepares a Redis to be the store: installs the function library and the marker of the schema.
struct Install: Subcommand {
    static let name = "install"
    static let help = "load the function library and mark the store with its schema; can be repeated at any time"

    @LoopActor func run(on store: TargetStore) async throws {
        if let unfitness = try await Installation.run(on: try await store.connectToRedis()) {
            throw Exit.failed(unfitness.description)
        }
        try Output.standard.print("installed: library \(Library.name), schema \(Keys.schemaVersion)")
    }
}
