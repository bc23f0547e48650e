import Loop
import Store

/// Writes every index and posting anew where it differs from the hashes, on a store in use.
enum Rebuild: Subcommand {
    static let name = "rebuild"
    static let help = "mend every index from the works and tasks themselves; can be stopped and repeated"

    @LoopActor static func run(_ invocation: Invocation) async throws {
        try await Walk.run(invocation, title: name, mode: .repair)
    }
}
