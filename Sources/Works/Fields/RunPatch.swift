public import JSON

/// A change to a run: an absent field keeps its value.
///
/// A run is over once it has an end: its status and both times can still be corrected, but its end cannot be cleared.
public struct RunPatch: Sendable {
    private let members: [JSONMember]

    /// Checks nothing yet, because a run that does not exist is reported before a fault in the patch.
    public init(_ members: [JSONMember]) {
        self.members = members
    }

    /// The run with the change applied.
    ///
    /// - Parameters:
    ///   - run: the stored run.
    ///   - now: the service's clock.
    /// - Returns: the changed run; the store sets its `version`.
    /// - Throws: the refusal of the first field that is not accepted.
    public func applied(to run: Run, now: Timestamp) throws(Refusal) -> Run {
        let body = try BodyFields<RunField>(members, for: .change)
        try body.requireSettable { run.value(of: $0) }
        var patched = run
        if body.sends(.status) {
            patched.status = try body.required(body.status(.status), .status)
        }
        if body.sends(.startedAt) {
            let time = try body.required(body.time(.startedAt), .startedAt)
            patched.startedAt = try body.change(.startedAt, from: run.startedAt, to: time, now: now)
        }
        if body.sends(.endedAt) {
            patched.endedAt = try endedAt(of: run, body, now: now)
        }
        try body.checkOrder(of: patched)
        return patched
    }

    private func endedAt(of run: Run, _ body: BodyFields<RunField>, now: Timestamp) throws(Refusal) -> Timestamp? {
        if let time = try body.time(.endedAt) {
            return try body.change(.endedAt, from: run.endedAt, to: time, now: now)
        }
        guard run.endedAt == nil else { throw .runOver(run.id) }
        return nil
    }
}

extension BodyFields<RunField> {
    /// The stored time, with its milliseconds, if the sent one reads the same; else the sent one, unless it is too far
    /// ahead.
    fileprivate func change(
        _ field: RunField,
        from stored: Timestamp?,
        to sent: Timestamp,
        now: Timestamp
    ) throws(Refusal) -> Timestamp {
        if let stored, stored == sent { return stored }
        guard !sent.isTooFarAhead(of: now) else { throw refusal(of: field, .inTheFuture) }
        return sent
    }

    /// Refuses an end before the start; the refusal names the end, unless only the start was sent.
    fileprivate func checkOrder(of run: Run) throws(Refusal) {
        guard let endedAt = run.endedAt, endedAt < run.startedAt else { return }
        if sends(.endedAt) { throw refusal(of: .endedAt, .before(RunField.startedAt.text)) }
        if sends(.startedAt) { throw refusal(of: .startedAt, .after(RunField.endedAt.text)) }
    }
}
