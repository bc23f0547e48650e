package import JSON

/// A run as a client asks for it: every rule is checked that needs no clock.
package struct RunDraft: Sendable {
    /// The id that the client chose; the service mints one when there is none.
    package let id: RunID?
    private let status: Status
    private let startedAt: Timestamp?
    private let endedAt: Timestamp?

    package init(_ members: [JSONMember]) throws(Refusal) {
        let fields = try BodyFields<RunField>(members, accepted: RunField.draft)
        if let name = fields.names.first(where: { !RunField.draft.contains($0) }) {
            throw .readOnlyField(name.rawValue)
        }
        status = try fields.required(fields.status(.status), .status, .status)
        id = try fields.identifier(.runID)
        startedAt = try fields.time(.startedAt)
        endedAt = try fields.time(.endedAt)
    }

    package func run(id: RunID, of workID: WorkID, now: Timestamp) throws(Refusal) -> Run {
        for (field, time) in [(RunField.startedAt, startedAt), (.endedAt, endedAt)] {
            if let time, time.isTooFarAhead(of: now) { throw .field(field.rawValue, .inTheFuture) }
        }
        let startedAt = startedAt ?? now
        if let endedAt, endedAt < startedAt {
            throw .field(RunField.endedAt.rawValue, .before(RunField.startedAt.rawValue))
        }
        return Run(id: id, workID: workID, status: status, startedAt: startedAt, endedAt: endedAt, version: 1)
    }
}
