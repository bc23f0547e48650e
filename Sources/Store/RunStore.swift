public import Loop
import Redis
public import Works

/// The tasks of works.
///
/// The tasks of a work in the trash cannot be reached, like the work itself. The work is always looked at after its
/// tasks: if it is still there, so were all of them, since only a purge removes tasks, and it removes the work first.
@LoopActor public struct RunStore {
    private let connection: StoreConnection

    public init(_ connection: StoreConnection) {
        self.connection = connection
    }

    // MARK: Reading

    public func run(_ id: RunID, of workID: WorkID) async throws(StoreError) -> Run {
        let replies = try await connection.send([Self.read(id, of: workID), Self.presence(of: workID)])
        try Self.requireLive(workID, replies[1])
        return try Self.record(id, of: workID, replies[0]).run
    }

    /// A page of a work's tasks, newest start first; if `statuses` are given, only tasks with one of them.
    public func list(
        of workID: WorkID,
        statuses: [Status],
        from start: PageStart,
        limit: Int
    ) async throws(StoreError) -> Page<Run> {
        let pages = Self.pages(of: workID, statuses: statuses, isDescending: true, from: connection)
        let page = try await pages.read(
            statuses.isEmpty ? [Keys.runs(of: workID)] : statuses.map { Keys.runs(of: workID, status: $0) },
            from: start,
            limit: limit
        )
        try Self.requireLive(workID, try await connection.send(Self.presence(of: workID)))
        return page.map(\.run)
    }

    /// Reads pages of a work's tasks; if `statuses` are given, only tasks with one of them.
    static func pages(
        of workID: WorkID,
        statuses: [Status] = [],
        isDescending: Bool,
        from connection: StoreConnection
    ) -> PageReader<RunRecord> {
        PageReader(
            connection: connection,
            isDescending: isDescending,
            prefix: Keys.runPrefix(workID),
            fields: RunRecord.hashFields,
            item: { id, values in RunID(id).flatMap { RunRecord(id: $0, of: workID, values: values) } },
            isAt: { record, position in
                record.run.startedAt.seconds == position.score
                    && (statuses.isEmpty || statuses.contains(record.run.status))
            }
        )
    }

    // MARK: Creating

    /// Stores a new task, or finds that the request has been carried out before.
    ///
    /// - Parameters:
    ///   - workID: the work it is a task of.
    ///   - draft: the draft, evaluated only once the request is known to be new: a repeated request is recognised
    ///     before its draft is checked.
    ///   - key: the key that makes the request repeatable, if the client sent one.
    /// - Returns: the new task, or the first result of the request.
    /// - Throws: what is wrong with the work, the draft or the store.
    public func create(
        of workID: WorkID,
        _ draft: @autoclosure () throws(Refusal) -> RunDraft,
        once key: IdempotencyKey?
    ) async throws(StoreError) -> Creation {
        for attempt in 0..<Retry.attemptsMax {
            var preparation = [StoreConnection.time, Self.presence(of: workID)]
            if let key { preparation.append(IdempotencyRecord.read(key)) }
            let replies = try await connection.send(preparation)
            try Self.requireLive(workID, replies[1])
            if let key, let creation = try IdempotencyRecord.creation(in: replies[2], for: key) { return creation }
            let draft = try accepted(try draft())
            let now = try StoreConnection.timestamp(replies[0])
            let run = try accepted(try draft.run(id: draft.id ?? .minted(), of: workID, now: now))
            let creation = Creation(id: run.id.text, version: run.version) { run.write(to: &$0) }
            let record = RunRecord(run: run, idempotencyKey: key?.recordKey)
            switch try await connection.apply(Self.commit(creating: record, creation, once: key)) {
            case .done:
                return creation
            case .failed(_, let failed):
                if failed == Keys.run(run.id, of: workID), draft.id != nil { throw .runIDTaken(run.id) }
                await Retry.pause(after: attempt)
            }
        }
        throw .contention
    }

    private static func commit(creating record: RunRecord, _ creation: Creation, once key: IdempotencyKey?) -> Commit {
        var commit = Commit()
        let hash = Keys.run(record.run.id, of: record.run.workID)
        commit.requireLive(Keys.work(record.run.workID))
        if let key { IdempotencyRecord.add(creation, under: key, to: &commit) }
        commit.requireAbsent(hash)
        commit.set(record.fields.filter { $0.value != nil }, of: hash)
        commit.move([(old: nil, new: record)])
        return commit
    }

    // MARK: Changing

    /// Changes the fields that the patch names.
    ///
    /// Changes nothing, not even the version, if they already have these values.
    public func patch(
        _ id: RunID,
        of workID: WorkID,
        with patch: RunPatch,
        if condition: VersionCondition? = nil
    ) async throws(StoreError) -> Run {
        for attempt in 0..<Retry.attemptsMax {
            let replies = try await connection.send([
                Self.read(id, of: workID), Self.presence(of: workID), StoreConnection.time,
            ])
            try Self.requireLive(workID, replies[1])
            let old = try Self.record(id, of: workID, replies[0])
            if let condition, !condition.holds(for: old.run.version) { throw .versionMismatch }
            var new = old
            let now = try StoreConnection.timestamp(replies[2])
            new.run = try accepted(try patch.applied(to: old.run, now: now))
            if new == old { return old.run }
            new.run.version = Version.next(after: old.run.version)
            if try await connection.apply(Self.update(from: old, to: new)) == .done { return new.run }
            await Retry.pause(after: attempt)
        }
        throw .contention
    }

    private static func update(from old: RunRecord, to new: RunRecord) -> Commit {
        var commit = Commit()
        let hash = Keys.run(old.run.id, of: old.run.workID)
        commit.requireLive(Keys.work(old.run.workID))
        commit.requireVersion(old.run.version, of: hash)
        commit.set(new.fields, of: hash)
        commit.move([(old: old, new: new)])
        return commit
    }

    // MARK: Hashes

    /// Reads the fields that show whether a work exists and is live.
    private static func presence(of id: WorkID) -> Command {
        .reading("HMGET", Keys.work(id), "version", "deleted_at")
    }

    private static func requireLive(_ id: WorkID, _ presence: Reply) throws(StoreError) {
        if presence[0].isNull { throw .noSuchWork(id) }
        if !presence[1].isNull { throw .workDeleted(id) }
    }

    static func read(_ id: RunID, of workID: WorkID) -> Command {
        .reading(RunRecord.hashFields, of: Keys.run(id, of: workID))
    }

    private static func record(_ id: RunID, of workID: WorkID, _ values: Reply) throws(StoreError) -> RunRecord {
        guard let record = RunRecord(id: id, of: workID, values: values) else {
            throw values.count == RunRecord.hashFields.names.count && values[RunRecord.version].isNull
                ? .noSuchRun(id) : .damaged
        }
        return record
    }
}
