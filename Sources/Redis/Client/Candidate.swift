package import Loop

/// A connection that is not in use yet, for those who decide whether it shall be.
@LoopActor package struct Candidate {
    let connection: RedisConnection

    /// Sends a command on the new connection; an error reply is thrown.
    package func send(_ command: Command) async throws(RedisError) -> Reply {
        try await connection.send(command, at: .now)
    }

    /// Sends commands together; the first error in order is thrown.
    package func send(_ commands: [Command]) async throws(RedisError) -> [Reply] {
        guard !commands.isEmpty else { return [] }
        return try await connection.send(commands, at: .now)
    }
}
