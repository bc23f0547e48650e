import Redis
public import Works

extension WorkStore {
    /// Removes a work, its tasks and every trace of it.
    ///
    /// A work with tasks is first moved to the trash, where no task can be added to it. Its tasks are then removed in
    /// steps that do not block Redis for long, and the work last. If this is interrupted, purging again continues where
    /// it stopped.
    public func purge(_ id: WorkID, if condition: VersionCondition? = nil) async throws(StoreError) {
        var hasBegun = false
        do throws(StoreError) {
            try await purge(id, if: condition, hasBegun: &hasBegun)
        } catch {
            // Once something is removed, "nothing was changed" would not be true.
            throw hasBegun && error == .unreachable ? .silent : error
        }
    }

    private func purge(
        _ id: WorkID,
        if condition: VersionCondition?,
        hasBegun: inout Bool
    ) async throws(StoreError) {
        var condition = condition
        var conflicts = 0
        while conflicts < Retry.attemptsMax {
            let replies = try await connection.send([Self.read(id), StoreConnection.time])
            let record = try Self.record(id, replies[0])
            if let condition, !condition.holds(for: record.work.version) { throw .versionMismatch }
            let runs = try await someRuns(of: id)
            let commit: Commit
            if runs.isEmpty {
                commit = try removal(of: record)
            } else if record.work.isDeleted {
                commit = Self.removal(of: runs, of: record.work)
            } else {
                commit = try trashing(of: record, at: StoreConnection.timestamp(replies[1]))
            }
            if try await connection.apply(commit) == .done {
                if runs.isEmpty { return }
                hasBegun = true
                // The client's condition held at the beginning; from now on, expect the version that we have made.
                if condition != nil { condition = .oneOf([record.work.version + (record.work.isDeleted ? 0 : 1)]) }
            } else {
                await Retry.pause(after: conflicts)
                conflicts += 1
            }
        }
        throw .contention
    }

    /// Purges the works that have been in the trash for longer than `age`, the oldest first.
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
        var (looked, purged) = (0, 0)
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

    private func someRuns(of id: WorkID) async throws(StoreError) -> [RunRecord] {
        try await RunStore.pages(of: id, isDescending: true, from: connection).read(
            [Keys.runs(of: id)],
            from: .rank(0),
            limit: Self.runsPerStepMax
        ).items
    }

    private func removal(of record: WorkRecord) throws(StoreError) -> Commit {
        let secret = try connection.secret()
        var commit = Commit(onlyFrees: true)
        commit.requireVersion(record.work.version, of: Keys.work(record.work.id))
        commit.requireEmpty(Keys.runs(of: record.work.id))
        commit.remove(Keys.work(record.work.id))
        var indexChanges = IndexChanges()
        indexChanges.add(WorkChange(removing: record), secret: secret)
        indexChanges.write(to: &commit)
        IdempotencyRecord.remove(record.idempotencyKey, of: record.work.id.text, from: &commit)
        return commit
    }

    private static func removal(of runs: [RunRecord], of work: Work) -> Commit {
        var commit = Commit(onlyFrees: true)
        commit.requireVersion(work.version, of: Keys.work(work.id))
        commit.move(runs.map { (old: $0, new: nil) })
        for record in runs {
            commit.remove(Keys.run(record.run.id, of: work.id))
            IdempotencyRecord.remove(record.idempotencyKey, of: record.run.id.text, from: &commit)
        }
        return commit
    }

    private func trashing(of record: WorkRecord, at now: Timestamp) throws(StoreError) -> Commit {
        var trashed = record
        trashed.work.deletedAt = now
        trashed.work.version += 1
        return WorkChange.commit(
            of: [WorkChange(from: record, to: trashed)],
            secret: try connection.secret(),
            onlyFrees: true
        )
    }

    private static let runsPerStepMax = 200
    /// Even at their largest, this many works fit a page.
    private static let worksPerStepMax = 20
}
