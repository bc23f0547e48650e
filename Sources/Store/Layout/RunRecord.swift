import Redis
import Works

/// A task as its hash keeps it.
struct RunRecord: Equatable, Sendable {
    var run: Run
    /// The key of the idempotency record it was created with.
    let idempotencyKey: String?

    /// The fields of a task in its hash; the ids are in its key.
    private static let columns: [RunField] = [.status, .startedAt, .endedAt]

    /// The fields of the hash, in the order in which ``init(id:of:values:)`` expects their values.
    static let hashFields = HashFields(columns.map(\.name) + ["version", "idem"])
    /// The column of the version, which every task has.
    static let version = columns.count
    private static let idempotencyKey = version + 1

    /// The column of a field; nil if it has none.
    fileprivate static func column(of field: RunField) -> Int? {
        columns.firstIndex(of: field)
    }

    init(run: Run, idempotencyKey: String? = nil) {
        self.run = run
        self.idempotencyKey = idempotencyKey
    }

    /// Reads the values of ``hashFields``; nil if they are not those of a task.
    init?(id: RunID, of work: WorkID, values: Reply) {
        guard
            values.count >= Self.hashFields.names.count,
            let status = values[.status].integer.flatMap(Status.init),
            let startedAt = values[.startedAt].integer,
            let version = values[Self.version].integer, Version.range.contains(version)
        else { return nil }
        run = Run(
            id: id,
            workID: work,
            status: status,
            startedAt: Timestamp(milliseconds: startedAt),
            endedAt: values[.endedAt].integer.map(Timestamp.init(milliseconds:)),
            version: version
        )
        idempotencyKey = values[Self.idempotencyKey].string
    }

    var fields: [Field] {
        Self.columns.map { Field($0.text, run.value(of: $0).stored) } + [
            Field("version", String(run.version)), Field("idem", idempotencyKey),
        ]
    }
}

extension Reply {
    /// The stored value of a field; null if it has no column.
    fileprivate subscript(_ field: RunField) -> Reply {
        RunRecord.column(of: field).map { self[$0] } ?? .null
    }
}
