import Loop
import Store
import Works

/// Writes all works with their tasks to standard output.
enum ExportCommand: Subcommand {
    static let name = "export"
    static let help = "write every work with its tasks as a line of JSON to standard output"

    @LoopActor static func run(_ invocation: Invocation) async throws {
        let export = Export(of: try await invocation.store())
        let progress = Progress(name, unit: "numbers")
        var pending: [UInt8] = []
        defer { progress.clear() }
        while let bytes = try await export.next() {
            pending += bytes
            if pending.count < bytesAtOnce { continue }
            progress.show(export.numbersDone, of: export.numberCount)
            try Output.standard.write(pending)
            pending.removeAll(keepingCapacity: true)
        }
        try Output.standard.write(pending)
        progress.clear()
        Output.error.write("exported: \(export.workCount) works\n")
    }

    private static let bytesAtOnce = 1 << 16
}
