public import JSON

/// A request to create a work, checked against every rule that needs no clock.
public struct WorkDraft: Sendable {
    /// The work without its two times, which need the clock for their defaults.
    private var work: Work
    private let createdAt: Timestamp?
    private let updatedAt: Timestamp?

    /// Reads the body of a request to create a work.
    ///
    /// - Parameters:
    ///   - members: the body.
    ///   - id: the id of the new work.
    /// - Throws: the refusal of the first field that is not accepted, the required ones first.
    public init(_ members: [JSONMember], id: WorkID = .minted()) throws(Refusal) {
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

    /// The work with its defaults filled in.
    ///
    /// A draft with `deletedAt` creates a work that is in the trash from the start.
    ///
    /// - Parameter now: the service's clock.
    /// - Returns: the work in its first version.
    /// - Throws: the refusal of a time too far in the future or in the wrong order.
    public func work(now: Timestamp) throws(Refusal) -> Work {
        try checkTimes(now: now)
        var work = work
        // If only one is given, the other is now, or the same time if now would be in the wrong order.
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
