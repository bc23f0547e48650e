public import Loop
import Redis
public import Works

/// Reads, creates and changes works, one at a time.
///
/// Lists are in `WorkStore+Lists.swift`, searches in `WorkStore+Search.swift`.
///
/// A change is computed here, from the work as it was read, and applied by one commit that requires the work to still
/// have that version. If another change came first, this one is computed again from the new state.
@LoopActor public struct WorkStore {
    let connection: StoreConnection
    let limits: SearchLimits
    private let changes: ChangeQueue

    public init(_ connection: StoreConnection) {
        self.init(connection, limits: SearchLimits())
    }

    init(_ connection: StoreConnection, limits: SearchLimits) {
        self.connection = connection
        self.limits = limits
        changes = ChangeQueue(connection)
    }

    // MARK: Reading

    /// A live work; one in the trash only if `includingDeleted`.
    public func work(_ id: WorkID, includingDeleted: Bool = false) async throws(StoreError) -> StoredWork {
        let values = try await connection.send(Self.read(id))
        guard let work = StoredWork(id: id, values: values) else { throw Self.error(reading: id, values) }
        if work.isDeleted && !includingDeleted { throw .workDeleted(id) }
        return work
    }

    static func read(_ id: WorkID) -> Command {
        .reading(WorkColumns.hashFields, of: Keys.workPrefix, id.text)
    }

    static func record(_ id: WorkID, _ values: Reply) throws(StoreError) -> WorkRecord {
        guard let record = WorkRecord(id: id, values: values) else { throw error(reading: id, values) }
        return record
    }

    /// Why values are not those of a work: every work has a version, so without one the work does not exist, and with
    /// one it is damaged.
    private static func error(reading id: WorkID, _ values: Reply) -> StoreError {
        values.count == WorkColumns.count && values[WorkColumns.version].isNull ? .noSuchWork(id) : .damaged
    }

    // MARK: Creating

    /// Stores a new work, or finds that the request has been carried out before.
    ///
    /// - Parameters:
    ///   - draft: the draft, evaluated only once the request is known to be new: a repeated request is recognised
    ///     before its draft is checked.
    ///   - key: the key that makes the request repeatable, if the client sent one.
    /// - Returns: the new work, or the first result of the request.
    /// - Throws: what is wrong with the draft or the store.
    public func create(
        _ draft: @autoclosure () throws(Refusal) -> WorkDraft,
        once key: IdempotencyKey?
    ) async throws(StoreError) -> Creation {
        for attempt in 0..<Retry.attemptsMax {
            if let key, let creation = try await creation(under: key) { return creation }
            let draft = try accepted(try draft())
            // Not sent together with reading the record: a full store refuses it, but a replay must still work.
            let (numbers, now) = try await connection.draw(1)
            let work = try accepted(try draft.work(now: now))
            let creation = Creation(id: work.id.text, version: work.version) { work.write(to: &$0) }
            let change = WorkChange(
                creating: WorkRecord(work: work, sequence: numbers.lowerBound, idempotencyKey: key?.recordKey),
                record: key.map { (key: $0, creation: creation) }
            )
            if try await changes.store(change) == .done { return creation }
            // Another request has just used the key or, far less likely, the id or the number is in use.
            await Retry.pause(after: attempt)
        }
        throw .contention
    }

    /// What an earlier request with this key created; nil if there was none.
    private func creation(under key: IdempotencyKey) async throws(StoreError) -> Creation? {
        try IdempotencyRecord.creation(in: try await connection.send(IdempotencyRecord.read(key)), for: key)
    }

    // MARK: Changing

    /// Changes the fields that the patch names.
    ///
    /// Changes nothing, not even the version, if they already have these values.
    public func patch(
        _ id: WorkID,
        with patch: WorkPatch,
        if condition: VersionCondition? = nil
    ) async throws(StoreError) -> Work {
        try await change(id, if: condition, onlyLive: true) { work, now throws(StoreError) in
            let unchanged = work
            work = try accepted(try patch.applied(to: work))
            // A work may have been created slightly in the future; its last change must not precede that.
            if work != unchanged { work.updatedAt = max(now, work.createdAt) }
        }
    }

    /// Moves a work to the trash; one already there stays as it is.
    @discardableResult
    public func delete(_ id: WorkID, if condition: VersionCondition? = nil) async throws(StoreError) -> Work {
        try await change(id, if: condition) { work, now in
            // Redis's clock may have been set back since.
            work.deletedAt = work.deletedAt ?? max(now, work.createdAt)
        }
    }

    /// Brings a work back from the trash; a live one stays as it is.
    public func restore(_ id: WorkID, if condition: VersionCondition? = nil) async throws(StoreError) -> Work {
        try await change(id, if: condition) { work, _ in
            work.deletedAt = nil
        }
    }

    /// Stores the work as `body` changes it, unless that leaves it as it is.
    private func change(
        _ id: WorkID,
        if condition: VersionCondition?,
        onlyLive: Bool = false,
        _ body: (inout Work, Timestamp) throws(StoreError) -> Void
    ) async throws(StoreError) -> Work {
        for attempt in 0..<Retry.attemptsMax {
            let replies = try await connection.send([Self.read(id), StoreConnection.time])
            let old = try Self.record(id, replies[0])
            if onlyLive && old.work.isDeleted { throw .workDeleted(id) }
            if let condition, !condition.holds(for: old.work.version) { throw .versionMismatch }
            var new = old
            try body(&new.work, try StoreConnection.timestamp(replies[1]))
            if new.work == old.work { return old.work }
            new.work.version = Version.next(after: old.work.version)
            if try await changes.store(WorkChange(from: old, to: new)) == .done { return new.work }
            await Retry.pause(after: attempt)
        }
        throw .contention
    }
}
