import Loop
import Store

/// Compares every hash with every index and posting, both ways, on a store in use.
enum Verify: Subcommand {
    static let name = "verify"
    static let help = "compare every work and task with every index, both ways; exit 1 if anything differs"

    @LoopActor static func run(_ invocation: Invocation) async throws {
        try await Walk.run(invocation, title: name, mode: .report)
    }
}
