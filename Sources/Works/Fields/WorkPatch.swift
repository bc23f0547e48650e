public import JSON

/// A change to a work: an absent field keeps its value, a blank one is cleared.
///
/// A client may read a work, edit it and send it back whole, so a patch may contain any field; a read-only one must
/// have its current value.
public struct WorkPatch: Sendable {
    private let members: [JSONMember]

    /// Checks nothing yet, because a work that does not exist is reported before a fault in the patch.
    public init(_ members: [JSONMember]) {
        self.members = members
    }

    /// The work with the change applied.
    ///
    /// - Parameter work: the stored work.
    /// - Returns: the changed work; the store, which knows the clock, sets its `updatedAt` and `version`.
    /// - Throws: the refusal of the first field that is not accepted.
    public func applied(to work: Work) throws(Refusal) -> Work {
        let body = try BodyFields<WorkField>(members, for: .change)
        try body.requireSettable { work.value(of: $0) }
        var work = work
        for field in WorkField.allCases where body.sends(field) {
            try work.read(field, from: body)
        }
        return work
    }
}
