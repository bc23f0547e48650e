public import JSON

/// A request to create a run, checked against every rule that needs no clock.
public struct RunDraft: Sendable {
    /// The id that the client chose; nil if the service must mint one.
    public let id: RunID?
    private let status: Status
    private let startedAt: Timestamp?
    private let endedAt: Timestamp?

    /// Reads the body of a request to create a run.
    public init(_ members: [JSONMember]) throws(Refusal) {
        let body = try BodyFields<RunField>(members, for: .create)
        try body.requireSettable { _ in nil }
        status = try body.required(body.status(.status), .status)
        id = try body.identifier(.runID)
        startedAt = try body.time(.startedAt)
        endedAt = try body.time(.endedAt)
    }

    /// The run with its defaults filled in.
    ///
    /// - Parameters:
    ///   - id: the draft's own id if it has one, else a minted one.
    ///   - workID: the work it belongs to.
    ///   - now: the service's clock, and the default start.
    /// - Returns: the run in its first version.
    /// - Throws: the refusal of a time too far in the future or in the wrong order.
    public func run(id: RunID, of workID: WorkID, now: Timestamp) throws(Refusal) -> Run {
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
