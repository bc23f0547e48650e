/// The bounds of a server, which the nginx in front of it shares.
public struct HTTPLimits: Sendable {
    public var bodyBytesMax = 1 << 20
    public var targetBytesMax = 8 << 10
    public var headerBytesMax = 32 << 10
    public var headerFieldsMax = 100
    public var connectionsMax = 4096
    /// How many requests may wait for their answers at once; further ones are refused as overload.
    public var requestsMax = 4096
    /// How long a connection may stay idle.
    ///
    /// Longer than nginx keeps one, so that only nginx closes idle connections.
    public var idleTimeout = Duration.seconds(75)
    /// How long a request may take to arrive completely.
    public var arrivalTimeout = Duration.seconds(60)
    /// How long a draining server must see no request before it closes the connections that are still idle.
    ///
    /// Longer than nginx keeps an idle connection, so that nginx is not about to send a request on one of them.
    public var lingering = Duration.seconds(3)

    public init() {}
}
