import Redis
public import Works

/// What is in the store, and the memory that this takes, for metrics.
public struct StoreUsage: Sendable {
    /// How many works of each status are not in the trash.
    public let live: [(status: Status, count: Int)]
    public let inTrash: Int
    public let memoryUsedBytes: Int
    /// How much memory Redis may use; 0 if it has no limit.
    public let memoryMaxBytes: Int
}

extension StoreConnection {
    /// Reads it in a single round trip.
    ///
    /// Rather than wait for a connection, or take room that requests need, it fails.
    public func usage() async throws(StoreError) -> StoreUsage {
        let keys = Status.all.map { Keys.index(.created, userID: nil, status: $0, frequency: nil) }
        let trash = Keys.index(.deleted, userID: nil, status: nil, frequency: nil)
        // Not marked as harmless to repeat: they would wait for the next connection.
        let commands = [Command("INFO", "memory")] + (keys + [trash]).map { Command("ZCARD", $0) }
        guard isUsable else { throw .unreachable }
        guard hasRoom(for: commands.count) else { throw .overloaded }
        let replies = try await send(commands)
        let counts = replies.dropFirst().compactMap(\.integer)
        guard let memory = replies[0].string, let used = Self.number(of: "used_memory", in: memory),
            let most = Self.number(of: "maxmemory", in: memory), counts.count == keys.count + 1
        else { throw .damaged }
        return StoreUsage(
            live: zip(Status.all, counts).map { (status: $0, count: $1) },
            inTrash: counts[keys.count],
            memoryUsedBytes: used,
            memoryMaxBytes: most
        )
    }

    /// The value of a field of INFO (https://redis.io/commands/info), whose lines are like `used_memory:1048576`.
    private static func number(of field: String, in info: String) -> Int? {
        let lines = info.split(whereSeparator: \.isNewline)
        return lines.first { $0.hasPrefix(field + ":") }.flatMap { Int($0.dropFirst(field.utf8.count + 1)) }
    }
}
