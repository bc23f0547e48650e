import JSON

/// A job that users have described: what it is, not how it went.
///
/// How it went is in its runs.
package struct Work: Sendable {
    package let id: WorkID
    /// Given by another service, some time after the work was created.
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
    package var version: Int

    package init(
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

    package var isDeleted: Bool {
        deletedAt != nil
    }
}

extension Work: Equatable {
    /// Equal is what has the same version and goes out the same, byte by byte.
    ///
    /// So a name that only changes its Unicode form has changed, and a time that only changes its milliseconds has not.
    package static func == (left: Work, right: Work) -> Bool {
        left.version == right.version && left.json == right.json
    }

    private var json: [UInt8] {
        var json = JSONWriter()
        write(to: &json)
        return json.bytes
    }
}
