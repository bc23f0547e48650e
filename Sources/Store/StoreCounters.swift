import Redis

/// What a ``StoreConnection`` has done since it was created, for metrics; all but ``inFlight`` only grow.
public struct StoreCounters: Sendable {
    /// Commands that it was asked to send, whether or not they succeeded.
    public let commands: Int
    /// Writes to Redis, each with one command or more.
    public let roundTrips: Int
    /// Calls that were repeated after the connection was lost.
    public let retries: Int
    public let connections: Int
    /// Calls that failed, for every kind of error.
    public let errors: [(kind: String, count: Int)]
    /// Commands waiting for their replies or for a connection.
    public let inFlight: Int

    init(_ counters: RedisCounters) {
        commands = counters.commands
        roundTrips = counters.roundTrips
        retries = counters.retries
        connections = counters.connections
        errors = RedisError.Kind.allCases.map { (kind: $0.rawValue, count: counters.errors[$0] ?? 0) }
        inFlight = counters.inFlight
    }
}
