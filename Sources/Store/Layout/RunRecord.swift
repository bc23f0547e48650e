package import Redis
package import Works

/// A task as its hash keeps it.
package struct RunRecord: Equatable, Sendable {
    package var run: Run
    /// The key of the idempotency record it was created with.
    package var idempotencyKey: String?

    /// The fields of the hash, in the order in which ``init(id:of:values:)`` expects their values.
    package static let hashFields = HashFields(["status", "started_at", "ended_at", "version", "idem"])

    init(run: Run, idempotencyKey: String? = nil) {
        self.run = run
        self.idempotencyKey = idempotencyKey
    }

    /// Reads the values of ``hashFields``; nil if they are not those of a task.
    package init?(id: RunID, of work: WorkID, values: Reply) {
        guard
            values.count >= Self.hashFields.names.count,
            let status = values[0].integer.flatMap(Status.init),
            let startedAt = values[1].integer,
            let version = values[3].integer
        else { return nil }
        run = Run(
            id: id,
            workID: work,
            status: status,
            startedAt: Timestamp(milliseconds: startedAt),
            endedAt: values[2].integer.map(Timestamp.init(milliseconds:)),
            version: version
        )
        idempotencyKey = values[4].string
    }

    var fields: [Field] {
        [
            Field("status", String(run.status.number)),
            Field("started_at", String(run.startedAt.milliseconds)),
            Field("ended_at", run.endedAt.map { String($0.milliseconds) }),
            Field("version", String(run.version)),
            Field("idem", idempotencyKey),
        ]
    }
}
