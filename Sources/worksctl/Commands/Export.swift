import Loop
import Program
import Store

/// Writes all works with their tasks to standard output.
struct ExportCommand: Subcommand {
    static let name = "export"
    static let help = "write every work with its tasks to standard output, one line of JSON each"

    @LoopActor func run(on store: TargetStore) async throws {
        let export = Export(of: try await store.connect())
        let progress = Progress(Self.name, unit: "numbers")
        defer { progress.clear() }
        var pending: [UInt8] = []
        while let bytes = try await export.next() {
            pending += bytes
            if pending.count < Self.bytesAtOnce { continue }
            progress.show(export.numbersDone, of: export.numberCount)
            try Output.standard.write(pending)
            pending.removeAll(keepingCapacity: true)
        }
        try Output.standard.write(pending)
        progress.clear()
        Output.error.tell("exported: \(export.workCount) works\n")
    }

    private static let bytesAtOnce = 1 << 16
}
