import Bytes

/// Why a command has no reply.
///
/// The cases differ in what is known about the command: it was not run, or that is unknown, or Redis rejected it.
public enum RedisError: Error, Equatable, Sendable {
    /// Not sent, because there is no usable connection: Redis did nothing.
    case disconnected
    /// Not sent, because too many commands wait for their replies: Redis did nothing.
    case overloaded
    /// Sent, and the connection ended before the reply: Redis may or may not have run it.
    case connectionLost
    /// Sent, and no reply came within ``RedisLimits/commandTimeout``: Redis may or may not have run it.
    case timedOut
    /// Redis answered with an error: it changed nothing, unless a function failed midway.
    case rejected(Rejection)

    /// What an error reply means for the caller.
    ///
    /// Where that leaves open what an operator must do, it carries Redis's own words: one line of limited length. They
    /// are for operators and logs, never for clients of the service.
    public enum Rejection: Equatable, Sendable {
        /// Redis is temporarily unable to serve: it is loading its data or running a long script, has lost its primary
        /// or its replicas, or has too many clients.
        case unavailable(String)
        /// This Redis is a replica: the primary is another one now.
        case readOnly
        /// The function library is not installed.
        case functionMissing
        /// Redis is out of memory, or cannot write to its disk, in which case even earlier writes may not be safe.
        case full(String)
        /// The user may not run this command.
        case forbidden(String)
        /// The password or a key's type is wrong.
        case misconfigured(String)
        /// Anything else.
        case other(String)
    }

    /// Whether Redis may have run the command anyway.
    public var isOutcomeUnknown: Bool {
        switch self {
        case .connectionLost, .timedOut: true
        case .disconnected, .overloaded, .rejected: false
        }
    }
}

extension RedisError.Rejection {
    /// Classifies an error reply by its first word, and `ERR` by its sentence.
    public init(_ sentence: String) {
        let firstWord = sentence.prefix { $0 != " " }
        let words = sentence.printable()
        switch firstWord {
        case "LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS": self = .unavailable(words)
        case "READONLY": self = .readOnly
        case "OOM", "MISCONF": self = .full(words)
        case "NOPERM": self = .forbidden(words)
        case "NOAUTH", "WRONGPASS", "WRONGTYPE", "CROSSSLOT": self = .misconfigured(words)
        case "ERR" where sentence.hasPrefix("ERR max number of clients reached"): self = .unavailable(words)
        case "ERR" where sentence.hasPrefix("ERR Function not found"): self = .functionMissing
        case "ERR" where sentence.hasPrefix("ERR ACL failure in script"): self = .forbidden(words)
        default: self = .other(words)
        }
    }
}

extension RedisError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .disconnected: "not connected to Redis"
        case .overloaded: "too many commands are waiting for Redis"
        case .connectionLost: "the connection to Redis was lost before it answered"
        case .timedOut: "Redis did not answer in time"
        case .rejected(let rejection): rejection.description
        }
    }
}

extension RedisError.Rejection: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable(let words): "Redis is temporarily unavailable: \(words)"
        case .readOnly: "Redis is a replica and accepts no writes"
        case .functionMissing: "the functions are not installed in Redis"
        case .full(let words): "Redis is out of memory or cannot write to its disk: \(words)"
        case .forbidden(let words), .misconfigured(let words), .other(let words): "Redis refused a command: \(words)"
        }
    }
}
