/// What a client has done since it was created, for metrics; all but ``inFlight`` only grow.
public struct RedisCounters: Sendable, Equatable {
    /// Commands that it was asked to send, whatever their outcome.
    public var commands = 0
    /// Writes to the socket, each with all commands collected by then: usually one per turn of the loop.
    public var roundTrips = 0
    /// Calls that were repeated after the connection was lost.
    public var retries = 0
    /// How many times a connection became usable.
    public var connections = 0
    /// Calls that ended in an error, by its kind.
    public var errors: [RedisError.Kind: Int] = [:]
    /// Commands waiting for their replies or for a connection.
    public var inFlight = 0
}

extension RedisError {
    /// The error without its details; the raw value is a label for metrics.
    public enum Kind: String, CaseIterable, Sendable {
        case disconnected
        case overloaded
        case connectionLost = "connection_lost"
        case timedOut = "timed_out"
        case unavailable
        case readOnly = "read_only"
        case functionMissing = "function_missing"
        case full
        case forbidden
        case misconfigured
        case other
    }

    public var kind: Kind {
        switch self {
        case .disconnected: .disconnected
        case .overloaded: .overloaded
        case .connectionLost: .connectionLost
        case .timedOut: .timedOut
        case .rejected(.unavailable): .unavailable
        case .rejected(.readOnly): .readOnly
        case .rejected(.functionMissing): .functionMissing
        case .rejected(.full): .full
        case .rejected(.forbidden): .forbidden
        case .rejected(.misconfigured): .misconfigured
        case .rejected(.other): .other
        }
    }
}
