/// The bounds of a connection, in time and in size.
package struct RedisLimits: Sendable, Equatable {
    /// How long the socket may take to connect.
    package var connectTimeout: Duration = .seconds(1)
    /// How long Redis may take to answer a command; then the connection counts as dead.
    package var commandTimeout: Duration = .seconds(2)
    /// How many commands may wait for their replies, or for a connection.
    package var commandsInFlightMax = 4096
    /// How many bytes may wait to be sent, when Redis reads more slowly than commands are made.
    package var unsentBytesMax = 64 << 20
    /// The pause before the first attempt to connect again, at most; it doubles with each failure.
    package var backOffMin: Duration = .milliseconds(10)
    /// What the pause grows to.
    package var backOffMax: Duration = .seconds(1)

    package init() {}
}
