/// The bounds of a client, in time and in size.
package struct RedisLimits: Sendable, Equatable {
    /// How long the socket may take to connect.
    package var connectTimeout: Duration = .seconds(1)
    /// How long Redis may take to answer a command; then the connection counts as dead.
    package var commandTimeout: Duration = .seconds(2)
    /// How many commands may wait for their replies or for a connection.
    package var commandsInFlightMax = 4096
    /// How many bytes may be unsent when another command is accepted, if Redis reads more slowly than we write.
    package var unsentBytesMax = 64 << 20
    /// The longest pause before the first attempt to reconnect; it doubles with each failure.
    package var backOffMin: Duration = .milliseconds(10)
    /// The longest pause of all.
    package var backOffMax: Duration = .seconds(1)

    package init() {}
}
