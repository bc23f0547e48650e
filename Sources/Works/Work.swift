internal import JSON

/// A job that users have described: what it is, not how it went.
///
/// How it went is in its runs.
public struct Work: Sendable {
    public let id: WorkID
    /// Given by another service, some time after the work was created.
    public var lambdaID: String?
    public var userID: String
    public var name: String
    /// Empty means blank; it goes out as null.
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
    /// When it was moved to the trash; nil while it is live.
    public var deletedAt: Timestamp?
    /// Counts the changes, from 1; the store sets it.
    public var version: Int

    public init(
        id: WorkID,
        lambdaID: String?,
        userID: String,
        name: String,
        description: String,
        type: WorkType,
        category: Category,
        status: Status,
        workDirectory: String?,
        mainClassName: String?,
        extraParams: ExtraParams?,
        javaVersion: String?,
        runFrequency: RunFrequency?,
        createdAt: Timestamp,
        updatedAt: Timestamp,
        deletedAt: Timestamp?,
        version: Int
    ) {
        self.id = id
        self.lambdaID = lambdaID
        self.userID = userID
        self.name = name
        self.description = description
        self.type = type
        self.category = category
        self.status = status
        self.workDirectory = workDirectory
        self.mainClassName = mainClassName
        self.extraParams = extraParams
        self.javaVersion = javaVersion
        self.runFrequency = runFrequency
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.deletedAt = deletedAt
        self.version = version
    }

    public var isDeleted: Bool {
        deletedAt != nil
    }
}

extension Work: Equatable {
    /// Equal is what has the same version and goes out the same, byte by byte.
    ///
    /// So a name that only changes its Unicode form has changed, and a time that only changes its milliseconds has not.
    public static func == (left: Work, right: Work) -> Bool {
        left.version == right.version && left.json == right.json
    }

    private var json: [UInt8] {
        var json = JSONWriter()
        write(to: &json)
        return json.bytes
    }
}
