/// One run of a work, which the API calls a task.
public struct Run: Equatable, Sendable {
    /// Unique within its work.
    public let id: RunID
    public let workID: WorkID
    public var status: Status
    public var startedAt: Timestamp
    /// Nil until it ends.
    public var endedAt: Timestamp?
    /// 1 when created, one more with each change; the store sets it.
    public var version: Int

    public init(
        id: RunID,
        workID: WorkID,
        status: Status,
        startedAt: Timestamp,
        endedAt: Timestamp? = nil,
        version: Int = 1
    ) {
        self.id = id
        self.workID = workID
        self.status = status
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.version = version
    }

    /// Whole seconds from its start to its end, both as clients see them; 0 until it ends.
    public var runTime: Int {
        guard let endedAt else { return 0 }
        return max(0, endedAt.seconds - startedAt.seconds)
    }
}
