public import Loop
public import Redis

/// A store at a glance, for its operator.
///
/// Reading it takes a few commands that cost Redis next to nothing, whatever the size of the store, and changes
/// nothing.
public struct StoreStatus: Sendable {
    private let info: RedisInfo
    /// The schema of the stored data; nil if the store is not installed.
    public let schema: Int?
    /// Whether the function library of this program is installed.
    public let hasLibrary: Bool
    /// How many works there are; nil if there is no store that this program can read.
    public let counts: WorkCounts?
    private let unfitness: Unfitness?

    /// Reads the status of the store behind `client`.
    ///
    /// - Throws: the error from Redis.
    @LoopActor public init(of client: RedisClient) async throws(RedisError) {
        let fitness = try await Fitness { commands throws(RedisError) in try await client.send(commands) }
        let reply = try await client.send(Command("INFO", "server", "memory", "persistence", "replication"))
        info = RedisInfo(reply.string ?? "")
        schema = fitness.schema
        hasLibrary = fitness.hasLibrary
        unfitness = fitness.unfitnessToServe
        counts = fitness.unfitnessToRead == nil ? WorkCounts(try await client.send(WorkCounts.commands)) : nil
    }

    // MARK: Redis

    public var redisVersion: String? { info["redis_version"] }
    public var isPrimary: Bool { info["role"] == "master" }
    public var usedBytes: Int? { info.number("used_memory") }
    /// `maxmemory`; nil if there is no limit.
    public var usedBytesMax: Int? { info.number("maxmemory").flatMap { $0 == 0 ? nil : $0 } }
    public var evictionPolicy: String? { info["maxmemory_policy"] }
    public var hasAppendOnlyFile: Bool { info["aof_enabled"] == "1" }
    /// `ok` or `err`.
    public var lastWriteOutcome: String? { info["aof_last_write_status"] }

    /// Why workers cannot use the store, or not fully, a sentence each; none if they can.
    public var problems: [String] {
        var problems = unfitness.map { [$0.description] } ?? []
        if let usedBytes, let usedBytesMax, usedBytes >= usedBytesMax {
            problems.append("Redis has reached maxmemory and refuses writes")
        }
        if hasAppendOnlyFile, lastWriteOutcome != "ok" {
            problems.append("Redis could not write its append-only file and refuses writes; is the disk full?")
        }
        return problems
    }
}
