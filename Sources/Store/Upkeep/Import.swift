import Bytes
package import Loop
import Redis
import Secrets
package import Works

/// Brings archived works into a store, many in one commit, so that an index is written once for all of them.
///
/// A work that is there already stays as it is; if it is the same, that is no fault, so that an import that was cut short
/// can be run again. What has been committed when it ends is whole: a work with its indexes and postings, a task with
/// its own.
@LoopActor package final class Import {
    /// What has become of the works so far.
    package struct Tally: Sendable {
        /// Works, and tasks of works new or old.
        package var worksCreated = 0
        package var runsCreated = 0
        /// Works that were there already, just so.
        package var worksFound = 0
    }

    private let connection: StoreConnection
    private let secret: SecretKey
    package private(set) var tally = Tally()
    /// Numbers that were drawn, and are given next; those drawn after them; and how many there were in all.
    private var numbers = 0..<0
    private var nextNumbers: Task<Result<Range<Int>, StoreError>, Never>?
    private var numbersDrawn = 0
    /// Called with the line number of a work or task that cannot be taken, and why.
    private let refuse: (Int, String) -> Void

    package init(into connection: StoreConnection, refuse: @escaping (_ line: Int, _ why: String) -> Void)
        throws(StoreError)
    {
        self.connection = connection
        self.refuse = refuse
        secret = try connection.secret()
    }

    /// One line that has been read.
    package struct Item: Sendable {
        let line: Int
        let archived: ArchivedWork

        package init(line: Int, _ archived: ArchivedWork) {
            self.line = line
            self.archived = archived
        }
    }

    /// Lines to be taken over together, each with the number that its work is to have.
    package struct Batch: Sendable {
        fileprivate let numbered: [(item: Item, number: Int)]
    }

    /// Numbers works, of which no two have the same id, in the order of the calls; one may be made at a time.
    package func batch(_ items: [Item]) async throws(StoreError) -> Batch {
        Batch(numbered: Array(zip(items, try await numbers(for: items.count))))
    }

    /// Takes over a batch.
    ///
    /// Batches may run side by side.
    package func take(_ batch: Batch) async throws(StoreError) {
        var refused: Set<Int> = []
        var open = batch.numbered
        // Most works of an import are new, so that is tried before anything is looked up.
        for attempt in 0..<Retry.attemptsMax where !open.isEmpty {
            let new = open.map { item, number in
                WorkChange(creating: WorkRecord(work: item.archived.work, sequence: number))
            }
            if try await connection.apply(WorkChange.commit(of: new, secret: secret)) == .done {
                tally.worksCreated += open.count
                break
            }
            guard attempt < Retry.attemptsMax - 1 else { throw .contention }
            let found = try await connection.send(open.map { WorkStore.read($0.0.archived.work.id) })
            for ((item, _), values) in zip(open, found) where !values[.version].isNull {
                if !isSame(item, as: values) { refused.insert(item.line) }
            }
            open = zip(open, found).filter { $0.1[.version].isNull }.map(\.0)
        }
        try await takeRuns(of: batch.numbered.map(\.item).filter { !refused.contains($0.line) })
    }

    /// Numbers that nobody else is given; those that are not used leave a gap, which does no harm.
    ///
    /// They are drawn ahead, so that a batch can be sent without waiting behind all that is under way; but no more than
    /// there were before, so that a small import leaves a small gap.
    private func numbers(for count: Int) async throws(StoreError) -> [Int] {
        var given: [Int] = []
        while given.count < count {
            if numbers.isEmpty {
                let drawn = nextNumbers ?? draw(count - given.count)
                numbers = try await drawn.value.get()
                nextNumbers = draw(min(numbersDrawn, Self.numbersDrawnMax))
            }
            let some = numbers.prefix(count - given.count)
            given += some
            numbers = numbers.dropFirst(some.count)
        }
        return given
    }

    private func draw(_ count: Int) -> Task<Result<Range<Int>, StoreError>, Never> {
        numbersDrawn += count
        return Task(executorPreference: LoopActor.loop) { [connection] in
            var command = Command("INCRBY", Keys.sequence, String(count))
            command.isHarmlessToRepeat = true
            do throws(StoreError) {
                guard let last = try await connection.send(command).integer else { throw .damaged }
                return .success(last - count + 1..<last + 1)
            } catch {
                return .failure(error)
            }
        }
    }

    /// The store's clock, by which archived works are judged.
    package func now() async throws(StoreError) -> Timestamp {
        try StoreConnection.timestamp(try await connection.send(StoreConnection.time))
    }

    // MARK: Works

    private func isSame(_ item: Item, as values: Reply) -> Bool {
        let work = item.archived.work
        guard WorkRecord(id: work.id, values: values)?.work == work else {
            refuse(item.line, "work \(work.id.text) is in the store already, and is not the same")
            return false
        }
        tally.worksFound += 1
        return true
    }

    // MARK: Tasks

    /// In commits of bounded size.
    private func takeRuns(of batch: [Item]) async throws(StoreError) {
        var runs: [(line: Int, run: Run)] = []
        for item in batch {
            for run in item.archived.runs {
                runs.append((item.line, run))
                if runs.count == Self.runsAtOnceMax {
                    try await take(runs)
                    runs = []
                }
            }
        }
        try await take(runs)
    }

    private func take(_ runs: [(line: Int, run: Run)]) async throws(StoreError) {
        var open = runs
        for attempt in 0..<Retry.attemptsMax where !open.isEmpty {
            let found = try await connection.send(open.map { _, run in RunStore.read(run.id, of: run.workID) })
            var commit = Commit()
            var new: [(line: Int, run: Run)] = []
            var records: [RunRecord] = []
            for ((line, run), values) in zip(open, found) {
                if let record = RunRecord(id: run.id, of: run.workID, values: values) {
                    if record.run != run {
                        refuse(
                            line,
                            "task \(run.id.text) of work \(run.workID.text) is in the store already, and is not the same"
                        )
                    }
                    continue
                }
                let record = RunRecord(run: run)
                records.append(record)
                commit.requirePresent(Keys.work(run.workID))
                commit.requireAbsent(Keys.run(run.id, of: run.workID))
                commit.set(record.fields.filter { $0.value != nil }, of: Keys.run(run.id, of: run.workID))
                new.append((line, run))
            }
            commit.move(records.map { (old: nil, new: $0) })
            open = new
            if open.isEmpty { return }
            switch try await connection.apply(commit) {
            case .done:
                tally.runsCreated += open.count
                return
            case .failed(.present, let key):
                // Its work was purged just now.
                open.removeAll { Keys.work($0.run.workID).isExactly(key) }
            case .failed:
                await Retry.pause(after: attempt)
            }
            guard attempt < Retry.attemptsMax - 1 else { throw .contention }
        }
    }

    private static let runsAtOnceMax = 100
    private static let numbersDrawnMax = 1024
}
