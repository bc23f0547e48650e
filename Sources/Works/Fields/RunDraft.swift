package import JSON

/// A run as a client asks for it: every rule that needs no clock has been checked.
package struct RunDraft: Sendable {
    /// The id that the client chose; the service mints one when there is none.
    package let id: RunID?
    private let status: Status
    private let startedAt: Timestamp?
    private let endedAt: Timestamp?

    /// Reads the body of a request to create a run.
    package init(_ members: [JSONMember]) throws(Refusal) {
        let body = try BodyFields<RunField>(members, for: .create)
        try body.requireSettable { _ in nil }
        status = try body.required(body.status(.status), .status)
        id = try body.identifier(.runID)
        startedAt = try body.time(.startedAt)
        endedAt = try body.time(.endedAt)
    }

    /// The run, with the start that was not given, or the refusal of a time that was.
    package func run(id: RunID, of workID: WorkID, now: Timestamp) throws(Refusal) -> Run {
        for (field, time) in [(RunField.startedAt, startedAt), (.endedAt, endedAt)] {
            if let time, time.isTooFarAhead(of: now) { throw .field(field.text, .inTheFuture) }
        }
        let startedAt = startedAt ?? now
        if let endedAt, endedAt < startedAt {
            throw .field(RunField.endedAt.text, .before(RunField.startedAt.text))
        }
        return Run(id: id, workID: workID, status: status, startedAt: startedAt, endedAt: endedAt)
    }
}
