import Redis
import Works

/// What the hash of a work becomes once the work is purged but some of its tasks are still stored.
///
/// Without a version, the hash is no work to anybody who reads it; but it is there, so the id cannot be used again
/// before the last task is gone.
struct Tombstone: Equatable {
    /// When the work was purged.
    let purgedAt: Timestamp
    /// The version that the work had.
    let version: Int

    static let names: [StaticString] = ["purged_at", "purged_version"]
    private static let purgedAt = WorkColumns.count
    private static let version = WorkColumns.count + 1

    init(purgedAt: Timestamp, version: Int) {
        self.purgedAt = purgedAt
        self.version = version
    }

    /// Reads the values of ``WorkColumns/hashFieldsOrTombstone``; nil if they are not those of a tombstone.
    init?(values: Reply) {
        guard values[WorkColumns.version].isNull, let purgedAt = values[Self.purgedAt].integer,
            let version = values[Self.version].integer
        else { return nil }
        self.purgedAt = Timestamp(milliseconds: purgedAt)
        self.version = version
    }

    /// Requires that the hash of a work is this tombstone.
    func require(of id: WorkID, in commit: inout Commit) {
        commit.requireField("purged_at", of: Keys.work(id), is: String(purgedAt.milliseconds))
    }

    /// Writes it where the work was.
    func write(of id: WorkID, to commit: inout Commit) {
        let fields = [Field("purged_at", String(purgedAt.milliseconds)), Field("purged_version", String(version))]
        commit.set(fields, of: Keys.work(id))
        list(id, in: &commit)
    }

    /// Lists the work among those being purged.
    func list(_ id: WorkID, in commit: inout Commit) {
        commit.add([String(purgedAt.seconds), id.text], toEach: [Keys.purging])
    }

    /// Removes the last trace of the work.
    static func remove(of id: WorkID, from commit: inout Commit) {
        commit.remove(Keys.work(id))
        commit.remove([id.text], fromEach: [Keys.purging])
    }
}
