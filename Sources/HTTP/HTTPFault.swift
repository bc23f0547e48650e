/// Why a request is unacceptable before its meaning is considered.
public enum HTTPFault: Sendable, Equatable {
    /// A header line is folded or ends in a bare line feed, a name is not a token, or a value contains a control
    /// character (RFC 9112 §5).
    case headerMalformed
    /// The end of the body is unclear: a malformed or repeated Content-Length, one combined with a Transfer-Encoding,
    /// or an encoding other than `chunked` (RFC 9112 §6).
    case bodyLengthUnclear
    /// The header has more than one Host field (RFC 9112 §3.2).
    case hostRepeated
    /// The request target contains a NUL.
    case targetMalformed
    case targetTooLong
    case headersTooLarge
    case bodyTooLarge
    /// The server already has as many requests in progress as it accepts.
    case overloaded

    /// Whether the request breaks the rules of HTTP, so that its connection cannot be used for another.
    public var isMalformed: Bool {
        switch self {
        case .headerMalformed, .bodyLengthUnclear, .hostRepeated, .targetMalformed: true
        case .targetTooLong, .headersTooLarge, .bodyTooLarge, .overloaded: false
        }
    }
}
