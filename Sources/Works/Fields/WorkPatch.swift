package import JSON

/// A change to a work: what is absent stays, what is null is cleared.
///
/// It may hold any field of the work, so that what was read can be edited and sent back whole; a field that cannot be
/// changed must be sent as it is.
package struct WorkPatch: Sendable {
    private let members: [JSONMember]

    /// Checks nothing yet: whether the work exists is asked first.
    package init(_ members: [JSONMember]) {
        self.members = members
    }

    /// The work as it is to be.
    ///
    /// It leaves `updatedAt` and `version` to the store, which knows the clock.
    package func applied(to work: Work) throws(Refusal) -> Work {
        let body = try BodyFields<WorkField>(members, for: .change)
        try body.requireSettable { work.value(of: $0) }
        var work = work
        for field in WorkField.allCases where body.sends(field) {
            try work.read(field, from: body)
        }
        return work
    }
}
