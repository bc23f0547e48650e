public import JSON
import Redis
public import Works

/// A work as its hash has it, validated and ready to be sent.
///
/// Its texts stay in the reply from Redis until they are written into an answer. To change or compare a work, take it
/// apart, see ``record``.
public struct StoredWork: Sendable {
    public let id: WorkID
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let deletedAt: Timestamp?
    public let version: Int
    private let type: WorkType
    private let category: Category
    private let status: Status
    private let sequence: Int
    /// The values of ``WorkColumns/hashFields``.
    private let values: Reply

    /// Reads the values of ``WorkColumns/hashFields``; nil if they are not those of a work.
    init?(id: WorkID, values: Reply) {
        guard
            values.count >= WorkColumns.count,
            values.isText(at: WorkField.userID.column),
            values.isText(at: WorkField.name.column),
            let type: WorkType = values.choice(at: .type),
            let category: Category = values.choice(at: .category),
            let status = values.integer(at: WorkField.status.column).flatMap(Status.init),
            let createdAt = values.time(at: .createdAt),
            let updatedAt = values.time(at: .updatedAt),
            let version = values.integer(at: WorkColumns.version), Version.range.contains(version),
            let sequence = values.integer(at: WorkColumns.sequence), (0...Keys.numberMax).contains(sequence)
        else { return nil }
        self.id = id
        self.type = type
        self.category = category
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        deletedAt = values.time(at: .deletedAt)
        self.version = version
        self.sequence = sequence
        self.values = values
    }

    public var isDeleted: Bool {
        deletedAt != nil
    }

    /// Whether it meets a filter, apart from the conditions on texts.
    func hasAttributes(of filter: Filter) -> Bool {
        if let userID = filter.userID, !values.is(userID, at: WorkField.userID.column) { return false }
        if !filter.statuses.isEmpty, !filter.statuses.contains(status) { return false }
        return filter.frequencies.isEmpty
            || filter.frequencies.contains { values.is($0.rawValue, at: WorkField.runFrequency.column) }
    }

    /// The work taken apart.
    var record: WorkRecord {
        var work = Work(
            id: id,
            userID: text(.userID) ?? "",
            name: text(.name) ?? "",
            description: text(.description) ?? "",
            type: type,
            category: category,
            status: status,
            createdAt: createdAt,
            updatedAt: updatedAt
        )
        for field in WorkColumns.fields { restore(field, of: &work) }
        work.version = version
        return WorkRecord(work: work, sequence: sequence, idempotencyKey: values[WorkColumns.idempotencyKey].string)
    }

    /// Sets a field to its stored value, unless the work was made with it.
    private func restore(_ field: WorkField, of work: inout Work) {
        switch field {
        case .lambdaID: work.lambdaID = text(field)
        case .workDirectory: work.workDirectory = text(field)
        case .mainClassName: work.mainClassName = text(field)
        case .extraParams: work.extraParams = text(field).map(ExtraParams.init(json:))
        case .javaVersion: work.javaVersion = text(field)
        case .runFrequency: work.runFrequency = text(field).flatMap(RunFrequency.init(rawValue:))
        case .deletedAt: work.deletedAt = deletedAt
        case .workID, .userID, .name, .description, .type, .category, .status, .createdAt, .updatedAt: break
        }
    }

    private func text(_ field: WorkField) -> String? {
        values[field.column].string
    }

    /// Writes the work as clients get it, like ``Work/write(to:exactTimes:)``.
    public func write(to json: inout JSONWriter) {
        json.object(of: WorkField.self) { field, json in
            switch field {
            case .workID: json.string(id.text)
            case .status: json.integer(status.number)
            case .createdAt: json.timeOrNull(createdAt)
            case .updatedAt: json.timeOrNull(updatedAt)
            case .deletedAt: json.timeOrNull(deletedAt)
            case .lambdaID, .userID, .name, .description, .type, .category, .workDirectory, .mainClassName,
                .javaVersion, .runFrequency:
                values.withBytes(at: field.column) { text in if text.isEmpty { json.null() } else { json.string(text) }
                }
            case .extraParams:
                // They are stored as the JSON that clients get.
                values.withBytes(at: field.column) { array in if array.isEmpty { json.null() } else { json.raw(array) }
                }
            }
        }
    }
}

extension Reply {
    fileprivate func choice<Choice: RawRepresentable<String> & CaseIterable>(at field: WorkField) -> Choice? {
        Choice.allCases.first { self.is($0.rawValue, at: field.column) }
    }

    fileprivate func time(at field: WorkField) -> Timestamp? {
        integer(at: field.column).map(Timestamp.init(milliseconds:))
    }
}
