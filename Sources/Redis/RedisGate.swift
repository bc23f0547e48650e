public import Loop

/// A connection that is not in use yet, for those who decide whether it shall be.
@LoopActor public struct RedisGate {
    let link: Link

    /// Sends a command on the new connection; an error reply is thrown.
    public func send(_ command: Command) async throws(RedisError) -> Reply {
        try await link.send(command, at: .now)
    }

    /// Sends commands together; the first error in order is thrown.
    public func send(_ commands: [Command]) async throws(RedisError) -> [Reply] {
        guard !commands.isEmpty else { return [] }
        return try await link.send(commands, at: .now)
    }
}
