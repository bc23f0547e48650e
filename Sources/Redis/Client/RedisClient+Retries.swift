/// Retries: a command that is harmless to repeat is sent once more when its connection is lost.
extension RedisClient {
    static func isWorthRepeating(_ error: RedisError) -> Bool {
        switch error {
        case .disconnected, .connectionLost: true
        case .overloaded, .timedOut, .rejected: false
        }
    }

    /// Sends commands once more on the next connection, if one becomes usable before `deadline`.
    func sendAgain(
        _ commands: [Command],
        deadline: ContinuousClock.Instant
    ) async throws(RedisError) -> [Reply] {
        do throws(RedisError) {
            guard try await becomesUsable(before: deadline, toSend: commands.count) else { throw .disconnected }
            totals.retries += 1
            return try await usableConnection(for: commands.count).send(commands, at: .now, deadline: deadline)
        } catch {
            count(error)
            throw error
        }
    }

    private func becomesUsable(
        before deadline: ContinuousClock.Instant,
        toSend count: Int
    ) async throws(RedisError) -> Bool {
        switch state.phase {
        case .usable: return true
        case .idle, .closing: return false
        case .connecting, .authenticating, .admitting, .backingOff: break
        }
        guard inFlight + count <= limits.commandsInFlightMax else { throw .overloaded }
        return await retries.waitForConnection(toSend: count, before: deadline)
    }
}
