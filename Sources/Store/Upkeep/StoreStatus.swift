public import Loop
public import Redis
public import Works

/// A store at a glance, for its operator.
///
/// Reading it takes a few commands that cost Redis next to nothing, whatever the size of the store, and changes
/// nothing.
public struct StoreStatus: Sendable {
    /// How Redis describes itself, by the names of `INFO` (https://redis.io/docs/latest/commands/info/).
    private let info: [String: String]
    /// The schema of the stored data; nil if the store is not installed.
    public let schema: Int?
    /// Whether the function library of this program is installed.
    public let hasLibrary: Bool
    /// How many works there are; nil if there is no store that this program can read.
    public let counts: Counts?
    private let unfitness: Unfitness?

    /// Each is exact; they are taken one after the other.
    public struct Counts: Sendable {
        /// How many live works have each status.
        public let worksByStatus: [(status: Status, count: Int)]
        public let works: Int
        public let trash: Int
    }

    /// Reads the status of the store behind `client`.
    ///
    /// - Throws: the error from Redis.
    @LoopActor public init(of client: RedisClient) async throws(RedisError) {
        let fitness = try await Fitness { commands throws(RedisError) in try await client.send(commands) }
        let reply = try await client.send(Command("INFO", "server", "memory", "persistence", "replication"))
        info = Self.fields(of: reply.string ?? "")
        schema = fitness.schema
        hasLibrary = fitness.hasLibrary
        unfitness = fitness.unfitnessToServe
        counts = fitness.unfitnessToRead == nil ? try await Self.counts(of: client) : nil
    }

    @LoopActor private static func counts(of client: RedisClient) async throws(RedisError) -> Counts {
        let statuses = Status.range.compactMap { Status($0) }
        let sets =
            [
                Keys.index(.created, userID: nil, status: nil, frequency: nil),
                Keys.index(.deleted, userID: nil, status: nil, frequency: nil),
            ] + statuses.map { Keys.index(.created, userID: nil, status: $0, frequency: nil) }
        let sizes = try await client.send(sets.map { .reading("ZCARD", $0) }).map { $0.integer ?? 0 }
        return Counts(
            worksByStatus: zip(statuses, sizes.dropFirst(2)).map { ($0, $1) },
            works: sizes[0],
            trash: sizes[1]
        )
    }

    /// The lines `name:value` of `INFO`.
    private static func fields(of text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
        }
        return fields
    }

    // MARK: Redis

    public var redisVersion: String? { info["redis_version"] }
    public var isPrimary: Bool { info["role"] == "master" }
    public var usedBytes: Int? { info["used_memory"].flatMap { Int($0) } }
    /// `maxmemory`; nil if there is no limit.
    public var usedBytesMax: Int? { info["maxmemory"].flatMap { Int($0) }.flatMap { $0 == 0 ? nil : $0 } }
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
