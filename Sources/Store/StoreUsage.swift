import Redis

/// What is in the store, and the memory that this takes, for metrics.
public struct StoreUsage: Sendable {
    public let counts: WorkCounts
    public let memoryUsedBytes: Int
    /// How much memory Redis may use; 0 if it has no limit.
    public let memoryMaxBytes: Int
}

extension StoreConnection {
    /// Reads it in a single round trip.
    ///
    /// Rather than wait for a connection, or take room that requests need, it fails.
    public func usage() async throws(StoreError) -> StoreUsage {
        let commands = [Command("INFO", "memory")] + WorkCounts.commands
        guard isUsable else { throw .unreachable }
        guard hasRoom(for: commands.count) else { throw .overloaded }
        let replies = try await send(commands)
        let info = RedisInfo(replies[0].string ?? "")
        guard let counts = WorkCounts(replies.dropFirst()), let used = info.number("used_memory"),
            let most = info.number("maxmemory")
        else { throw .damaged }
        return StoreUsage(counts: counts, memoryUsedBytes: used, memoryMaxBytes: most)
    }
}
