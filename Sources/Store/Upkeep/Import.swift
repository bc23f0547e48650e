import Bytes
public import Loop
import Redis
import Secrets
public import Works

/// Imports archived works into a store, many in one commit, so that each index is written once for all of them.
///
/// A work that the store already has stays as it is. If the archived one is the same, that is not an error, so that an
/// interrupted import can be repeated. Whatever was committed is complete: a work with its memberships and postings, a
/// task with its memberships.
@LoopActor public final class Import {
    /// How many works and tasks have been imported so far.
    public struct Counts: Sendable {
        public var worksCreated = 0
        /// Includes tasks of works that the store already had.
        public var runsCreated = 0
        /// Works that the store already had, identical to the archived ones.
        public var worksFound = 0
    }

    private let connection: StoreConnection
    private let secret: SecretKey
    private let numbers: WorkNumbers
    private let works: WorkStore
    public private(set) var counts = Counts()
    private let refuse: (Int, String) -> Void

    /// Calls `refuse` for each work or task that cannot be imported, with its line and the reason.
    public init(into connection: StoreConnection, refuse: @escaping (_ line: Int, _ reason: String) -> Void)
        throws(StoreError)
    {
        self.connection = connection
        self.refuse = refuse
        numbers = WorkNumbers(connection)
        works = WorkStore(connection)
        secret = try connection.secret()
    }

    /// A line that has been read.
    public struct Item: Sendable {
        let line: Int
        public let byteCount: Int
        let archived: ArchivedWork

        public var workID: WorkID { archived.work.id }

        public init(line: Int, byteCount: Int, _ archived: ArchivedWork) {
            self.line = line
            self.byteCount = byteCount
            self.archived = archived
        }
    }

    /// Lines to be imported together, each with the number for its work.
    public struct Batch: Sendable {
        fileprivate let numbered: [NumberedItem]
    }

    fileprivate typealias NumberedItem = (item: Item, number: Int)

    /// Numbers works with distinct ids, in the order of the calls; one call at a time.
    public func batch(_ items: [Item]) async throws(StoreError) -> Batch {
        Batch(numbered: Array(zip(items, try await numbers.next(items.count))))
    }

    /// Imports a batch; several may be imported at the same time.
    public func importBatch(_ batch: Batch) async throws(StoreError) {
        let refused = try await importWorks(batch.numbered)
        try await importRuns(of: batch.numbered.map(\.item).filter { !refused.contains($0.line) })
    }

    // MARK: Works

    /// Creates the works that the store does not have.
    ///
    /// - Returns: the lines of the works that it has and that differ.
    private func importWorks(_ batch: [NumberedItem]) async throws(StoreError) -> Set<Int> {
        var refused: Set<Int> = []
        var open = batch
        // Most works of an import are new, so try to create them before looking anything up.
        for attempt in 0..<Retry.attemptsMax where !open.isEmpty {
            if try await create(open) { break }
            guard attempt < Retry.attemptsMax - 1 else { throw .contention }
            let found = try await connection.send(
                open.map { .reading(WorkColumns.hashFieldsOrTombstone, of: Keys.work($0.item.workID)) }
            )
            for ((item, _), values) in zip(open, found) {
                if Tombstone(values: values) != nil {
                    _ = try await works.finishPurge(item.workID)
                } else if !values[WorkColumns.version].isNull, !isSame(item, as: values) {
                    refused.insert(item.line)
                }
            }
            open = zip(open, found).filter { $0.1[WorkColumns.version].isNull }.map(\.0)
        }
        return refused
    }

    /// Creates all the works, or none if the store already has one of them.
    private func create(_ batch: [NumberedItem]) async throws(StoreError) -> Bool {
        let changes = batch.map { item, number in
            WorkChange(creating: WorkRecord(work: item.archived.work, sequence: number))
        }
        guard try await connection.apply(WorkChange.commit(of: changes, secret: secret)) == .done else { return false }
        counts.worksCreated += batch.count
        return true
    }

    private func isSame(_ item: Item, as values: Reply) -> Bool {
        let work = item.archived.work
        guard WorkRecord(id: work.id, values: values)?.work == work else {
            refuse(item.line, "work \(work.id.text) is already in the store but differs")
            return false
        }
        counts.worksFound += 1
        return true
    }

    // MARK: Tasks

    private typealias ArchivedRun = (line: Int, run: Run)

    /// Imports the tasks of the works, in commits of bounded size.
    private func importRuns(of batch: [Item]) async throws(StoreError) {
        var runs: [ArchivedRun] = []
        for item in batch {
            for run in item.archived.runs {
                runs.append((item.line, run))
                if runs.count == Self.runsAtOnceMax {
                    try await importRuns(runs)
                    runs = []
                }
            }
        }
        try await importRuns(runs)
    }

    private func importRuns(_ runs: [ArchivedRun]) async throws(StoreError) {
        var open = runs
        for attempt in 0..<Retry.attemptsMax {
            open = try await unknown(among: open)
            if open.isEmpty { return }
            switch try await connection.apply(Self.creation(of: open.map(\.run))) {
            case .done:
                counts.runsCreated += open.count
                return
            case .failed(.has, let key):
                // The work was purged just now.
                open.removeAll { Keys.work($0.run.workID).isExactly(key) }
            case .failed:
                await Retry.pause(after: attempt)
            }
        }
        if !open.isEmpty { throw .contention }
    }

    /// The tasks that the store does not have; refuses those that it has and that differ.
    private func unknown(among runs: [ArchivedRun]) async throws(StoreError) -> [ArchivedRun] {
        let found = try await connection.send(runs.map { _, run in RunStore.read(run.id, of: run.workID) })
        var unknown: [ArchivedRun] = []
        for ((line, run), values) in zip(runs, found) {
            if let record = RunRecord(id: run.id, of: run.workID, values: values) {
                guard record.run != run else { continue }
                refuse(line, "task \(run.id.text) of work \(run.workID.text) is already in the store but differs")
            } else {
                unknown.append((line, run))
            }
        }
        return unknown
    }

    private static func creation(of runs: [Run]) -> Commit {
        var commit = Commit()
        let records = runs.map { RunRecord(run: $0) }
        for record in records {
            let hash = Keys.run(record.run.id, of: record.run.workID)
            commit.requireWork(Keys.work(record.run.workID))
            commit.requireAbsent(hash)
            commit.set(record.fields.filter { $0.value != nil }, of: hash)
        }
        commit.move(records.map { (old: nil, new: $0) })
        return commit
    }

    private static let runsAtOnceMax = 100
}
