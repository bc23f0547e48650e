package import JSON
import Redis
package import Works

/// A work as its hash holds it, found to be one and ready to go out.
///
/// Its texts stay where Redis has put them until they are written into an answer. What is to change a work, or to
/// compare it, takes it apart instead, see ``WorkRecord``.
package struct StoredWork: Sendable {
    package let id: WorkID
    package let createdAt: Timestamp
    package let updatedAt: Timestamp
    package let deletedAt: Timestamp?
    package let version: Int
    private let status: Status
    /// The values of ``WorkRecord/hashFields``.
    private let values: Reply

    /// Takes the values of ``WorkRecord/hashFields``; nil if they are not those of a work.
    init?(id: WorkID, values: Reply) {
        guard
            values.count >= WorkRecord.Column.count,
            values.isText(at: .userID),
            values.isText(at: .name),
            values.isOne(of: WorkType.self, at: .type),
            values.isOne(of: Category.self, at: .category),
            let status = values.integer(at: .status).flatMap(Status.init),
            let createdAt = values.integer(at: .createdAt),
            let updatedAt = values.integer(at: .updatedAt),
            let version = values.integer(at: .version),
            values.integer(at: .sequence) != nil
        else { return nil }
        self.id = id
        self.createdAt = Timestamp(milliseconds: createdAt)
        self.updatedAt = Timestamp(milliseconds: updatedAt)
        deletedAt = values.integer(at: .deletedAt).map(Timestamp.init(milliseconds:))
        self.version = version
        self.status = status
        self.values = values
    }

    package var isDeleted: Bool {
        deletedAt != nil
    }

    /// Whether it passes a filter, apart from what that says about texts.
    func hasAttributes(of filter: Filter) -> Bool {
        if let userID = filter.userID, !values.is(userID, at: .userID) { return false }
        if !filter.statuses.isEmpty, !filter.statuses.contains(status) { return false }
        return filter.frequencies.isEmpty
            || filter.frequencies.contains { values.is($0.rawValue, at: .runFrequency) }
    }

    /// Writes the work as it goes out, like ``Work/write(to:)``.
    package func write(to json: inout JSONWriter) {
        json.work { field, json in
            switch field {
            case .workID: json.string(id.text)
            case .lambdaID: write(.lambdaID, to: &json)
            case .userID: write(.userID, to: &json)
            case .name: write(.name, to: &json)
            case .description: write(.description, to: &json)
            case .type: write(.type, to: &json)
            case .category: write(.category, to: &json)
            case .status: json.integer(status.number)
            case .workDirectory: write(.workDirectory, to: &json)
            case .mainClassName: write(.mainClassName, to: &json)
            case .extraParams: writeArray(.extraParams, to: &json)
            case .javaVersion: write(.javaVersion, to: &json)
            case .runFrequency: write(.runFrequency, to: &json)
            case .createdAt: json.timeOrNull(createdAt)
            case .updatedAt: json.timeOrNull(updatedAt)
            case .deletedAt: json.timeOrNull(deletedAt)
            }
        }
    }

    /// Null for blank.
    private func write(_ place: WorkRecord.Column, to json: inout JSONWriter) {
        values.withBytes(at: place.rawValue) { text in
            if text.isEmpty { json.null() } else { json.string(text) }
        }
    }

    /// The additional arguments, which are kept as the JSON that goes out.
    private func writeArray(_ place: WorkRecord.Column, to json: inout JSONWriter) {
        values.withBytes(at: place.rawValue) { array in
            if array.isEmpty { json.null() } else { json.raw(array) }
        }
    }
}

extension Reply {
    fileprivate func isText(at place: WorkRecord.Column) -> Bool {
        isText(at: place.rawValue)
    }

    fileprivate func `is`(_ text: String, at place: WorkRecord.Column) -> Bool {
        self.is(text, at: place.rawValue)
    }

    fileprivate func integer(at place: WorkRecord.Column) -> Int? {
        integer(at: place.rawValue)
    }

    fileprivate func isOne<Choice: RawRepresentable<String> & CaseIterable>(
        of choices: Choice.Type,
        at place: WorkRecord.Column
    ) -> Bool {
        choices.allCases.contains { self.is($0.rawValue, at: place) }
    }
}
