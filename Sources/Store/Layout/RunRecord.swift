public import Redis
public import Works

/// A task as its hash keeps it.
public struct RunRecord: Equatable, Sendable {
    public var run: Run
    /// The key of the idempotency record it was created with.
    public let idempotencyKey: String?

    /// The fields of a task in its hash; the ids are in its key.
    private static let columns: [RunField] = [.status, .startedAt, .endedAt]

    /// The fields of the hash, in the order in which ``init(id:of:values:)`` expects their values.
    public static let hashFields = HashFields(columns.map(\.name) + ["version", "idem"])
    /// The column of the version, which every task has.
    static let version = columns.count

    init(run: Run, idempotencyKey: String? = nil) {
        self.run = run
        self.idempotencyKey = idempotencyKey
    }

    /// Reads the values of ``hashFields``; nil if they are not those of a task.
    public init?(id: RunID, of work: WorkID, values: Reply) {
        guard
            values.count >= Self.hashFields.names.count,
            let status = values[0].integer.flatMap(Status.init),
            let startedAt = values[1].integer,
            let version = values[Self.version].integer
        else { return nil }
        run = Run(
            id: id,
            workID: work,
            status: status,
            startedAt: Timestamp(milliseconds: startedAt),
            endedAt: values[2].integer.map(Timestamp.init(milliseconds:)),
            version: version
        )
        idempotencyKey = values[Self.version + 1].string
    }

    var fields: [Field] {
        Self.columns.map { Field($0.text, run.value(of: $0).stored) } + [
            Field("version", String(run.version)), Field("idem", idempotencyKey),
        ]
    }
}
