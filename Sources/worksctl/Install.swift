import Loop
import Redis
import Secrets
import Store

/// Prepares a store: the function library, and the marker with the schema's version and the secret of the cursors.
///
/// Can be run at any time, also on a store in use; what is there already stays.
enum Install: Subcommand {
    static let name = "install"
    static let help = "load the function library and mark the store with its schema; can be repeated"

    @LoopActor static func run(_ invocation: Invocation) async throws {
        if let unfitness = try await Installation.run(on: try await invocation.connect()) {
            throw Exit.failed(unfitness.description)
        }
        print("installed: library \(Library.name), schema \(Keys.schemaVersion)")
    }
}
