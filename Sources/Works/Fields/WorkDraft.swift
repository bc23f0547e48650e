package import JSON

/// A work as a client asks for it: every rule is checked that needs no clock.
package struct WorkDraft: Sendable {
    private let userID: String
    private let name: String
    private let description: String
    private let type: WorkType
    private let category: Category
    private let status: Status
    private let lambdaID: String?
    private let workDirectory: String?
    private let mainClassName: String?
    private let javaVersion: String?
    private let extraParams: ExtraParams?
    private let runFrequency: RunFrequency?
    private let createdAt: Timestamp?
    private let updatedAt: Timestamp?
    private let deletedAt: Timestamp?

    package init(_ members: [JSONMember]) throws(Refusal) {
        let fields = try BodyFields<WorkField>(members, accepted: WorkField.draft)
        if let name = fields.names.first(where: { !WorkField.draft.contains($0) }) {
            throw .readOnlyField(name.rawValue)
        }
        userID = try fields.requiredText(.userID, TextLengths.userID)
        name = try fields.requiredText(.name, TextLengths.name)
        description = try fields.requiredDescription()
        type = try fields.required(fields.choice(.type), .type, .choice(of: WorkType.self))
        category = try fields.required(fields.choice(.category), .category, .choice(of: Category.self))
        status = try fields.status(.status) ?? .initial
        lambdaID = try fields.text(.lambdaID, TextLengths.lambdaID)
        workDirectory = try fields.text(.workDirectory, TextLengths.workDirectory)
        mainClassName = try fields.text(.mainClassName, TextLengths.mainClassName)
        javaVersion = try fields.text(.javaVersion, TextLengths.javaVersion)
        extraParams = try fields.extraParams(.extraParams)
        runFrequency = try fields.choice(.runFrequency)
        createdAt = try fields.time(.createdAt)
        updatedAt = try fields.time(.updatedAt)
        deletedAt = try fields.time(.deletedAt)
    }

    /// The work, with the times that were not given, or the refusal of those that were.
    ///
    /// With `deletedAt` it is born in the trash.
    package func work(id: WorkID, now: Timestamp) throws(Refusal) -> Work {
        let (createdAt, updatedAt) = try times(now: now)
        return Work(
            id: id,
            lambdaID: lambdaID,
            userID: userID,
            name: name,
            description: description,
            type: type,
            category: category,
            status: status,
            workDirectory: workDirectory,
            mainClassName: mainClassName,
            extraParams: extraParams,
            javaVersion: javaVersion,
            runFrequency: runFrequency,
            createdAt: createdAt,
            updatedAt: updatedAt,
            deletedAt: deletedAt,
            version: 1
        )
    }

    /// When only one is given, the other is now, unless that would put them in the wrong order.
    private func times(now: Timestamp) throws(Refusal) -> (createdAt: Timestamp, updatedAt: Timestamp) {
        for (field, time) in [(WorkField.createdAt, createdAt), (.updatedAt, updatedAt), (.deletedAt, deletedAt)] {
            if let time, time.isTooFarAhead(of: now) { throw .field(field.rawValue, .inTheFuture) }
        }
        if let createdAt, let updatedAt, updatedAt < createdAt {
            throw .field(WorkField.updatedAt.rawValue, .before(WorkField.createdAt.rawValue))
        }
        return (createdAt ?? updatedAt?.earlier(now) ?? now, updatedAt ?? createdAt?.later(now) ?? now)
    }
}

extension BodyFields<WorkField> {
    fileprivate func requiredText(_ name: WorkField, _ length: ClosedRange<Int>) throws(Refusal) -> String {
        try required(visibleText(name, length), name, .text(length))
    }

    /// A description has to be sent, and may be the empty text.
    fileprivate func requiredDescription() throws(Refusal) -> String {
        if self[.description] == .string("") { return "" }
        let text = try text(.description, TextLengths.description)
        return try required(text, .description, .text(TextLengths.description))
    }
}
