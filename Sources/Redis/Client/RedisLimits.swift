/// The bounds of a client, in time and in size.
public struct RedisLimits: Sendable, Equatable {
    /// How long the socket may take to connect.
    public var connectTimeout: Duration = .seconds(1)
    /// How long Redis may take to answer a command before the connection counts as dead.
    public var commandTimeout: Duration = .seconds(2)
    /// How many commands may wait for their replies or for a connection.
    public var commandsInFlightMax = 4096
    /// With more unsent bytes than this, because Redis reads more slowly than we write, no command is accepted.
    public var unsentBytesMax = 64 << 20
    /// The longest pause before the first attempt to reconnect; it doubles with each failure.
    public var backOffMin: Duration = .milliseconds(10)
    /// The longest pause before any attempt.
    public var backOffMax: Duration = .seconds(1)

    public init() {}
}
