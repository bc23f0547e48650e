/// Why a command has no reply.
///
/// The cases differ in what is known about the command: nothing happened, or nobody knows, or Redis has said no.
package enum RedisError: Error, Equatable, Sendable {
    /// Not sent: there is no usable connection. Nothing happened.
    case disconnected
    /// Not sent: too many commands wait for their replies. Nothing happened.
    case overloaded
    /// Sent, and the connection ended before the reply: Redis may or may not have run it.
    case connectionLost
    /// Sent, and no reply came within ``RedisLimits/commandTimeout``: Redis may or may not have run it.
    case timedOut
    /// Redis answered with an error. It ran nothing, unless a script says otherwise.
    case rejected(Rejection)

    /// What an error reply means for the one who asked.
    package enum Rejection: Equatable, Sendable {
        /// Redis cannot serve at the moment: it loads its data, runs a long script, has lost its primary or its
        /// replicas, or has too many clients.
        case unavailable
        /// It is a replica: the primary is elsewhere now.
        case readOnly
        /// The function library is not installed.
        case functionMissing
        /// Its memory is full, or it cannot write to its disk; then even earlier writes may not be safe.
        case full
        /// The password, the rights, or the kind of a key are not what they must be.
        case misconfigured
        /// Anything else, in the words of Redis.
        case other(String)
    }

    /// Whether Redis may have run the command all the same.
    package var isOutcomeUnknown: Bool {
        switch self {
        case .connectionLost, .timedOut: true
        case .disconnected, .overloaded, .rejected: false
        }
    }
}

extension RedisError.Rejection {
    /// Reads the sentence of an error reply, whose first word is its class.
    package init(_ sentence: String) {
        let firstWord = sentence.prefix { $0 != " " }
        switch firstWord {
        case "LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS": self = .unavailable
        case "READONLY": self = .readOnly
        case "OOM", "MISCONF": self = .full
        case "NOAUTH", "WRONGPASS", "NOPERM", "WRONGTYPE", "CROSSSLOT": self = .misconfigured
        case "ERR" where sentence.hasPrefix("ERR max number of clients reached"): self = .unavailable
        case "ERR" where sentence.hasPrefix("ERR Function not found"): self = .functionMissing
        default: self = .other(sentence)
        }
    }
}

extension RedisError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .disconnected: "there is no connection to Redis"
        case .overloaded: "too many commands wait for Redis"
        case .connectionLost: "the connection to Redis was lost before it answered"
        case .timedOut: "Redis did not answer in time"
        case .rejected(.unavailable): "Redis cannot serve at the moment"
        case .rejected(.readOnly): "Redis is a replica and takes no writes"
        case .rejected(.functionMissing): "the functions are not installed in Redis"
        case .rejected(.full): "Redis has no room, or cannot write to its disk"
        case .rejected(.misconfigured): "Redis refuses the user, its rights, or the kind of a key"
        case .rejected(.other(let sentence)): sentence
        }
    }
}
