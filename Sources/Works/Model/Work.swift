/// A job that a user has described: what it is, not how it went, which its runs tell.
///
/// ``WorkField`` lists the fields with their names and rules.
package struct Work: Sendable {
    package let id: WorkID
    /// Nil until another service sets it, some time after the work was created.
    package var lambdaID: String?
    package var userID: String
    package var name: String
    /// May be empty; it then goes out as null.
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
    /// When it was moved to the trash; nil for a live work.
    package var deletedAt: Timestamp?
    /// 1 when created, one more with each change; the store sets it.
    package var version = 1

    /// A live work in its first version, whose optional fields are blank.
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

    /// Whether it is in the trash.
    package var isDeleted: Bool {
        deletedAt != nil
    }
}
