import Bytes
package import JSON

/// A change to a run: what is absent stays.
///
/// A run is over once it has ended: status and both times may still be corrected then, but it does not run again.
package struct RunPatch: Sendable {
    private let members: [JSONMember]

    /// Nothing is checked yet: whether the run exists is asked first.
    package init(_ members: [JSONMember]) {
        self.members = members
    }

    /// The run as it is to be.
    ///
    /// It leaves `version` to the store.
    package func applied(to run: Run, now: Timestamp) throws(Refusal) -> Run {
        let fields = try BodyFields<RunField>(members, accepted: RunField.patch)
        if let name = fields.names.first(where: { !fields.mayHold($0, of: run) }) {
            throw .readOnlyField(name.rawValue)
        }
        var patched = run
        if fields.sends(.status) {
            patched.status = try fields.uncleared(fields.status(.status), .status, .status)
        }
        if fields.sends(.startedAt) {
            let time = try fields.uncleared(fields.time(.startedAt), .startedAt, .time)
            patched.startedAt = try fields.change(.startedAt, from: run.startedAt, to: time, now: now)
        }
        if fields.sends(.endedAt) {
            patched.endedAt = try endedAt(of: run, fields, now: now)
        }
        try fields.checkOrder(of: patched)
        return patched
    }

    private func endedAt(of run: Run, _ fields: BodyFields<RunField>, now: Timestamp) throws(Refusal) -> Timestamp? {
        if let time = try fields.time(.endedAt) {
            return try fields.change(.endedAt, from: run.endedAt, to: time, now: now)
        }
        guard run.endedAt == nil else { throw .runOver(run.id) }
        return nil
    }
}

extension BodyFields<RunField> {
    /// Whether the field can be changed, or is sent as it is.
    fileprivate func mayHold(_ name: RunField, of run: Run) -> Bool {
        guard let value = self[name] else { return true }
        return switch name {
        case .runID: value.isExactly(run.id.text)
        case .workID: value.isExactly(run.workID.text)
        case .runTime: value.wholeNumber == run.runTime
        case .status, .startedAt, .endedAt: true
        }
    }

    /// The stored time, to the millisecond, when the sent one reads the same; else the sent one, if the clock allows it.
    fileprivate func change(
        _ name: RunField,
        from stored: Timestamp?,
        to sent: Timestamp,
        now: Timestamp
    ) throws(Refusal) -> Timestamp {
        if let stored, stored == sent { return stored }
        guard !sent.isTooFarAhead(of: now) else { throw refusal(of: name, .inTheFuture) }
        return sent
    }

    /// Blames the end, unless only the start was sent.
    fileprivate func checkOrder(of run: Run) throws(Refusal) {
        guard let endedAt = run.endedAt, endedAt < run.startedAt else { return }
        if sends(.endedAt) { throw refusal(of: .endedAt, .before(RunField.startedAt.rawValue)) }
        if sends(.startedAt) { throw refusal(of: .startedAt, .after(RunField.endedAt.rawValue)) }
    }
}
