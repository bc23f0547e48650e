import Bytes
import Loop
import Program
import Store

/// Imports works with their tasks from standard input.
struct ImportCommand: Subcommand {
    static let name = "import"
    static let help = """
        read works with their tasks from standard input, as export writes them; can be stopped and
              repeated; reports refused lines by number, then exits with 1
        """

    @LoopActor func run(on store: TargetStore) async throws {
        let progress = Progress(Self.name, unit: "bytes")
        defer { progress.clear() }
        let refusals = Refusals(interrupting: progress)
        let importer = try Import(into: try await store.connect()) { line, reason in refusals.add(line, reason) }
        let batches = ArchiveBatches(refusals: refusals, progress: progress)
        try await write(batches, with: importer)
        progress.clear()
        let counts = importer.counts
        try Output.standard.print(
            "imported: \(counts.worksCreated) works, \(counts.runsCreated) tasks; "
                + "\(counts.worksFound) works already existed; \(refusals.lines.count) lines refused"
        )
        if !refusals.lines.isEmpty { throw Exit.failed("lines were refused; see above") }
    }

    /// Writes all batches, and reads the next ones meanwhile.
    @LoopActor private func write(_ batches: ArchiveBatches, with importer: Import) async throws {
        try await withThrowingTaskGroup { group in
            var inProgress = 0
            while let items = try batches.next() {
                let batch = try await importer.batch(items)
                group.addTask { try await importer.importBatch(batch) }
                inProgress += 1
                if inProgress == Self.batchesAtOnce {
                    try await group.next()
                    inProgress -= 1
                }
            }
            try await group.waitForAll()
        }
    }

    private static let batchesAtOnce = 32
}

/// The numbers of the refused lines; several tasks of one line may be refused.
@LoopActor final class Refusals {
    private(set) var lines: Set<Int> = []
    private let progress: Progress

    init(interrupting progress: Progress) {
        self.progress = progress
    }

    func add(_ line: Int, _ reason: String) {
        lines.insert(line)
        progress.clear()
        Output.error.tell("line \(line): \(reason.printable())\n")
    }
}
