/// A job as a user has described it: what it is, not how it went, which its runs record.
///
/// ``WorkField`` lists the fields with their names and rules.
public struct Work: Sendable {
    public let id: WorkID
    /// Nil until another service sets it, some time after the work was created.
    public var lambdaID: String?
    public var userID: String
    public var name: String
    /// May be empty; clients then get null.
    public var description: String
    public let type: WorkType
    public let category: Category
    public var status: Status
    public var workDirectory: String?
    public var mainClassName: String?
    public var extraParams: ExtraParams?
    public var javaVersion: String?
    public var runFrequency: RunFrequency?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
    /// When it was moved to the trash; nil for a live work.
    public var deletedAt: Timestamp?
    /// 1 when created, one more with each change; the store sets it.
    public var version = 1

    /// A live work in its first version, whose optional fields are blank.
    public init(
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
    public var isDeleted: Bool {
        deletedAt != nil
    }
}
