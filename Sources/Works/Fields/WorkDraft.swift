package import JSON

/// A work as a client asks for it: every rule that needs no clock has been checked.
package struct WorkDraft: Sendable {
    /// The work, all but for its times.
    private var work: Work
    private let createdAt: Timestamp?
    private let updatedAt: Timestamp?

    /// Reads the body of a request to create a work, which gets the given id.
    package init(_ members: [JSONMember], id: WorkID = .minted()) throws(Refusal) {
        let body = try BodyFields<WorkField>(members, for: .create)
        try body.requireSettable { _ in nil }
        work = Work(
            id: id,
            userID: try body.required(body.text(.userID), .userID),
            name: try body.required(body.text(.name), .name),
            description: try body.required(
                body.sendsEmptyText(.description) ? "" : body.text(.description),
                .description
            ),
            type: try body.required(body.choice(.type), .type),
            category: try body.required(body.choice(.category), .category),
            createdAt: .distantPast,
            updatedAt: .distantPast
        )
        for field in WorkField.allCases where field.access == .always && !field.isRequired {
            try work.read(field, from: body)
        }
        createdAt = try body.time(.createdAt)
        updatedAt = try body.time(.updatedAt)
        work.deletedAt = try body.time(.deletedAt)
    }

    /// The work, with the times that were not given.
    ///
    /// With `deletedAt` it is born in the trash.
    ///
    /// - Parameter now: the service's clock.
    /// - Returns: the work.
    /// - Throws: the refusal of a time that lies in the future or in the wrong order.
    package func work(now: Timestamp) throws(Refusal) -> Work {
        try checkTimes(now: now)
        var work = work
        // When only one is given, the other is now, unless that would put them in the wrong order.
        work.createdAt = createdAt ?? updatedAt?.earlier(now) ?? now
        work.updatedAt = updatedAt ?? createdAt?.later(now) ?? now
        return work
    }

    private func checkTimes(now: Timestamp) throws(Refusal) {
        let times = [(WorkField.createdAt, createdAt), (.updatedAt, updatedAt), (.deletedAt, work.deletedAt)]
        for (field, time) in times {
            if let time, time.isTooFarAhead(of: now) { throw .field(field.text, .inTheFuture) }
        }
        if let createdAt, let updatedAt, updatedAt < createdAt {
            throw .field(WorkField.updatedAt.text, .before(WorkField.createdAt.text))
        }
    }
}
