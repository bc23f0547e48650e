import Loop
import Program
import Store

/// Prepares a store: the function library, and the marker with the schema's version and the secret of the cursors.
struct Install: Subcommand {
    static let name = "install"
    static let help = "load the function library and mark the store with its schema; can be repeated at any time"

    @LoopActor func run(on store: TargetStore) async throws {
        if let unfitness = try await Installation.run(on: try await store.connectToRedis()) {
            throw Exit.failed(unfitness.description)
        }
        print("installed: library \(Library.name), schema \(Keys.schemaVersion)")
    }
}
