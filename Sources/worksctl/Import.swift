import Loop
import Store
import Wording
import Works

/// Takes over works with their tasks from standard input.
enum ImportCommand: Subcommand {
    static let name = "import"
    static let help = """
        take over works with their tasks from standard input, as export writes them; can be stopped
              and repeated; refused lines are told by number, and then exit 1
        """

    @LoopActor static func run(_ invocation: Invocation) async throws {
        let run = try ImportRun(into: try await invocation.store())
        defer { run.progress.clear() }
        try await run.readAll()
        run.progress.clear()
        let counts = run.importer.counts
        print(
            "imported: \(counts.worksCreated) works, \(counts.runsCreated) tasks; \(counts.worksFound) works were there "
                + "already; \(run.refusedCount) lines refused"
        )
        if run.refusedCount > 0 { throw Exit.failed("lines were refused; see above") }
    }
}

/// One import: batches are read while those before them are being written.
@LoopActor private final class ImportRun {
    let progress = Progress("import", unit: "bytes")
    private(set) var importer: Import
    private var lines = Lines()
    private let refusals: Refusals
    private var batch: [Import.Item] = []
    private var batchBytes = 0
    private var ids: Set<WorkID> = []

    private var batchesUnderWay = 0
    private var failure: StoreError?
    private var waiter: CheckedContinuation<Void, Never>?

    /// The numbers of the lines that were refused; several tasks of one line may be.
    @LoopActor private final class Refusals {
        var lines: Set<Int> = []

        nonisolated init() {}

        func add(_ line: Int, _ why: String) {
            lines.insert(line)
            Output.error.write("\rline \(line): \(why)\u{1B}[K\n")
        }
    }

    init(into store: StoreConnection) throws {
        let refusals = Refusals()
        self.refusals = refusals
        do throws(StoreError) {
            importer = try Import(into: store) { line, why in refusals.add(line, why) }
        } catch {
            throw Exit(error)
        }
    }

    var refusedCount: Int { refusals.lines.count }

    func readAll() async throws {
        let total = Lines.totalByteCount
        // Asked for once: to ask in between would be to wait for all that is under way.
        let start = try await importer.now()
        let startOfClock = ContinuousClock.now
        while let line = try lines.next() {
            switch line {
            case .tooLong: refusals.add(lines.lineNumber, "is longer than \(Lines.bytesMax >> 20) MiB")
            case .text(let text):
                let elapsed = (ContinuousClock.now - startOfClock) / .milliseconds(1)
                try await take(text, now: Timestamp(milliseconds: start.milliseconds + Int(elapsed)))
            }
            if lines.lineNumber % 1000 == 0 { progress.show(lines.byteCount, of: total) }
        }
        try await flush()
        while batchesUnderWay > 0 { await oneBatch() }
        if let failure { throw failure }
    }

    private func take(_ text: [UInt8], now: Timestamp) async throws {
        if text.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t") }) {
            return
        }
        let archived: ArchivedWork
        do throws(ArchiveError) {
            archived = try ArchivedWork(line: text, now: now)
        } catch {
            return refusals.add(lines.lineNumber, error.message)
        }
        // Twice the same work in one batch could not be told from the first.
        if !ids.insert(archived.work.id).inserted {
            try await flush()
            ids = [archived.work.id]
        }
        batch.append(Import.Item(line: lines.lineNumber, byteCount: text.count, archived))
        batchBytes += text.count
        if batch.count == Self.worksAtOnce || batchBytes > Self.bytesAtOnce { try await flush() }
    }

    /// Starts to write the batch; waits while too many are under way.
    private func flush() async throws {
        if batch.isEmpty { return }
        let numbered = try await importer.batch(batch)
        batch = []
        batchBytes = 0
        ids = []
        batchesUnderWay += 1
        LoopActor.start { [self] in
            do throws(StoreError) {
                try await importer.importBatch(numbered)
            } catch {
                failure = failure ?? error
            }
            batchesUnderWay -= 1
            waiter?.resume()
            waiter = nil
        }
        repeat { await oneBatch() } while batchesUnderWay >= Self.batchesAtOnce
        if let failure { throw failure }
    }

    /// Lets the loop send what is to be sent; if too many batches are under way, until one is done.
    private func oneBatch() async {
        if batchesUnderWay < Self.batchesAtOnce { return await Timer.sleep(for: .zero) }
        await withCheckedContinuation { waiter = $0 }
    }

    /// A commit of so many works, or of so many bytes of them, takes Redis some milliseconds.
    private static let worksAtOnce = 16
    private static let bytesAtOnce = 32 << 10
    private static let batchesAtOnce = 32
}

extension ArchiveError {
    /// Why a line is refused, for the operator.
    fileprivate var message: String {
        switch self {
        case .notReadable(let error): error.message(in: .english)
        case .refused(let refusal): refusal.message(in: .english)
        }
    }
}
