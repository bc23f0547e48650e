public import Loop

/// A new connection, not yet in use, for the code that decides whether to admit it.
@LoopActor public struct Candidate {
    let connection: RedisConnection

    /// Sends a command on the new connection; an error reply is thrown.
    public func send(_ command: Command) async throws(RedisError) -> Reply {
        try await connection.send(command, at: .now)
    }

    /// Sends commands together on the new connection; the first error in order is thrown.
    public func send(_ commands: [Command]) async throws(RedisError) -> [Reply] {
        guard !commands.isEmpty else { return [] }
        return try await connection.send(commands, at: .now)
    }
}
