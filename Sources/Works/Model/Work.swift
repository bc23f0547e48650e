/// A job that users have described: what it is, not how it went.
///
/// How it went is in its runs. ``WorkField`` lists the fields with their names and rules.
package struct Work: Sendable {
    package let id: WorkID
    /// Set by another service, some time after the work was created.
    package var lambdaID: String?
    package var userID: String
    package var name: String
    /// Empty means blank; it goes out as null.
    package var description: String
    package let type: WorkType
    package let category: Category
    package var status: Status
    package var workDirectory: String?
    package var mainClassName: String?
    package var extraParams: ExtraParams?
    package var javaVersion: String?
    package var runFrequency: RunFrequency?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    /// When it was moved to the trash; nil while it is live.
    package var deletedAt: Timestamp?
    /// Counts the changes, from 1; the store sets it.
    package var version = 1

    /// A live work in its first version, with nothing in the fields that may be blank.
    package init(
        id: WorkID,
        userID: String,
        name: String,
        description: String = "",
        type: WorkType,
        category: Category,
        status: Status = .initial,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.userID = userID
        self.name = name
        self.description = description
        self.type = type
        self.category = category
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package var isDeleted: Bool {
        deletedAt != nil
    }
}
