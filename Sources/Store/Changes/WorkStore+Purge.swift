import Loop
import Redis
import Secrets
public import Works

extension WorkStore {
    /// Removes a work, its tasks and every trace of it.
    ///
    /// If the work has few tasks, one commit removes all. If it has more, the first commit removes the work itself and
    /// leaves a ``Tombstone``; the tasks follow in steps that do not block Redis for long, and the tombstone last. If
    /// this is interrupted, whoever purges the work again finishes it, and succeeds.
    ///
    /// - Throws: ``StoreError/silent`` for whatever happens after the work is gone: "nothing was changed" would not be
    ///   true. Else the store's error.
    public func purge(_ id: WorkID, if condition: VersionCondition? = nil) async throws(StoreError) {
        var hasBegun = false
        do throws(StoreError) {
            try await purge(id, if: condition, hasBegun: &hasBegun)
        } catch {
            throw hasBegun ? .silent : error
        }
    }

    private func purge(
        _ id: WorkID,
        if condition: VersionCondition?,
        hasBegun: inout Bool
    ) async throws(StoreError) {
        var runsLeft = Int.max
        for attempt in 0..<Retry.attemptsMax {
            while let progress = try await advancePurge(of: id, if: condition, hasBegun: hasBegun) {
                guard case .begun(let left) = progress else { return }
                hasBegun = true
                // Tasks whose names are not text cannot be removed one by one.
                guard left < runsLeft else { throw .damaged }
                runsLeft = left
            }
            await Retry.pause(after: attempt)
        }
        throw .contention
    }

    enum PurgeProgress: Equatable {
        case begun(runsLeft: Int)
        case finished
    }

    /// Takes the next step of a purge.
    ///
    /// - Parameters:
    ///   - id: the work.
    ///   - condition: which versions may be purged.
    ///   - hasBegun: whether this purge has made a step before; then the condition was met.
    /// - Returns: how far the purge is; nil if another change came first, so that nothing was done.
    /// - Throws: the store's error.
    func advancePurge(
        of id: WorkID,
        if condition: VersionCondition? = nil,
        hasBegun: Bool
    ) async throws(StoreError) -> PurgeProgress? {
        let remains = try await Remains(of: id, in: connection)
        // Somebody else has finished; a work that is there again is another one, from an archive.
        if hasBegun, remains?.isTombstone != true { return .finished }
        guard let remains else { throw .noSuchWork(id) }
        if !hasBegun, let condition, !condition.holds(for: remains.version) { throw .versionMismatch }
        guard try await connection.apply(remains.removal(secret: try connection.secret())) == .done else { return nil }
        return remains.hasAllRuns ? .finished : .begun(runsLeft: remains.runsLeft)
    }

    /// Finishes all purges that were begun, those in progress included.
    ///
    /// - Returns: how many works were purged by this.
    public func finishPurges() async throws(StoreError) -> Int {
        var (finished, skipped) = (0, 0)
        while true {
            let range = [skipped, skipped + Self.worksPerStepMax - 1].map(String.init)
            let begun = try await connection.send(.reading("ZRANGE", Keys.purging, range[0], range[1]))
            if begun.count == 0 { return finished }
            for index in 0..<begun.count {
                if let id = begun[index].string.flatMap(WorkID.init), try await finishPurge(id) {
                    finished += 1
                } else {
                    skipped += 1
                }
            }
        }
    }

    /// Finishes the purge of a work; false if there is nothing to finish.
    func finishPurge(_ id: WorkID) async throws(StoreError) -> Bool {
        guard try await Remains(of: id, in: connection)?.isTombstone == true else { return false }
        var hasBegun = true
        try await purge(id, if: nil, hasBegun: &hasBegun)
        return true
    }

    /// Purges the works that have been in the trash for longer than `age`, the oldest first, and finishes all purges
    /// that were begun.
    ///
    /// A work restored or changed meanwhile is left alone.
    ///
    /// - Parameters:
    ///   - age: in seconds, by the store's clock.
    ///   - progress: called with how many works were examined, and how many are in the trash.
    /// - Returns: how many works were purged.
    /// - Throws: the store's error.
    public func purge(
        deletedBefore age: Int,
        progress: (_ done: Int, _ total: Int) -> Void
    ) async throws(StoreError) -> Int {
        let now = try await connection.now()
        var start: PageStart? = .rank(0)
        var (looked, purged) = (0, try await finishPurges())
        while let here = start {
            let page = try await pages(Filter(), in: .trash, isDescending: false).read(
                [Keys.index(.deleted, userID: nil, status: nil, frequency: nil)],
                from: here,
                limit: Self.worksPerStepMax
            )
            start = page.next.map { .after($0) }
            for work in page.items {
                guard let deletedAt = work.deletedAt, deletedAt.seconds < now.seconds - age else { return purged }
                do throws(StoreError) {
                    try await purge(work.id, if: .oneOf([work.version]))
                    purged += 1
                } catch .versionMismatch {
                } catch .noSuchWork {
                }
                looked += 1
                progress(looked, purged + page.total)
            }
        }
        return purged
    }

    /// Even at their largest, this many works fit a page.
    private static let worksPerStepMax = 20
}

/// What is still stored of a work that is to be removed.
///
/// The tasks are not parsed: damaged ones can be removed, too.
private struct Remains {
    private enum Head {
        case work(WorkRecord)
        case tombstone(Tombstone)
    }

    private let id: WorkID
    private let head: Head
    private let now: Timestamp
    /// The first tasks, and the keys of the records of idempotency keys that they were created with.
    private let runs: [(id: String, idempotencyKey: String?)]
    private let runCount: Int

    /// Reads them; nil if nothing is left.
    @LoopActor init?(of id: WorkID, in connection: StoreConnection) async throws(StoreError) {
        let set = Keys.runs(of: id)
        let replies = try await connection.send([
            .reading(WorkColumns.hashFieldsOrTombstone, of: Keys.workPrefix, id.text), StoreConnection.time,
            .reading("ZCARD", set), .reading("ZRANGE", set, "0", String(Self.runsPerStepMax - 1)),
        ])
        if let tombstone = Tombstone(values: replies[0]) {
            head = .tombstone(tombstone)
        } else if replies[0][WorkColumns.version].isNull {
            return nil
        } else {
            head = .work(try WorkStore.record(id, replies[0]))
        }
        self.id = id
        now = try StoreConnection.timestamp(replies[1])
        runCount = replies[2].integer ?? 0
        let ids = (0..<replies[3].count).compactMap { replies[3][$0].string }
        let keys = try await connection.send(ids.map { .reading("HGET", Keys.runPrefix(id) + $0, "idem") })
        runs = zip(ids, keys).map { ($0, $1.string) }
    }

    /// The version of the work, or the one that it had.
    var version: Int {
        switch head {
        case .work(let record): record.work.version
        case .tombstone(let tombstone): tombstone.version
        }
    }

    var isTombstone: Bool {
        if case .tombstone = head { true } else { false }
    }

    /// Whether no tasks are left besides those that were read.
    var hasAllRuns: Bool {
        runs.count == runCount
    }

    /// How many tasks are left after ``removal(secret:)``.
    var runsLeft: Int {
        isTombstone ? runCount - runs.count : runCount
    }

    /// Removes everything if all tasks are known; else as much as one commit should.
    func removal(secret: SecretKey) -> Commit {
        var commit = Commit(onlyFrees: true)
        switch head {
        case .work(let record):
            commit.requireVersion(record.work.version, of: Keys.work(id))
            commit.remove(Keys.work(id))
            var indexChanges = IndexChanges()
            indexChanges.add(WorkChange(removing: record), secret: secret)
            indexChanges.write(to: &commit)
            IdempotencyRecord.remove(record.idempotencyKey, of: id.text, from: &commit)
            if hasAllRuns {
                removeRuns(from: &commit)
            } else {
                Tombstone(purgedAt: now, version: record.work.version).write(of: id, to: &commit)
            }
        case .tombstone(let tombstone):
            tombstone.require(of: id, in: &commit)
            removeRuns(from: &commit)
            if hasAllRuns { Tombstone.remove(of: id, from: &commit) }
        }
        return commit
    }

    private func removeRuns(from commit: inout Commit) {
        let sets = [nil] + Status.range.map { Status($0) }
        let keys = sets.map { Keys.runs(of: id, status: $0) }
        if hasAllRuns {
            commit.requireSize(runCount, of: Keys.runs(of: id))
            for key in keys { commit.remove(key) }
        } else {
            commit.remove(runs.map(\.id), fromEach: keys)
        }
        for run in runs {
            commit.remove(Keys.runPrefix(id) + run.id)
            IdempotencyRecord.remove(run.idempotencyKey, of: run.id, from: &commit)
        }
    }

    private static let runsPerStepMax = 200
}
