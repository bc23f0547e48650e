/// What makes a request unacceptable before its meaning is looked at.
package enum HTTPFault: Sendable, Equatable {
    /// A header field holds a control character, is folded over lines, or has a malformed name.
    case headerMalformed
    /// The end of the body is unclear: more than one of Content-Length and Transfer-Encoding, or another encoding than
    /// `chunked` (RFC 9112 §6.3).
    case bodyLengthUnclear
    /// More than one Host field (RFC 9112 §3.2).
    case hostRepeated
    /// The request target holds a NUL.
    case targetMalformed
    case targetTooLong
    case headersTooLarge
    case bodyTooLarge
    /// More requests are in progress than the server accepts.
    case overloaded

    /// Whether the request breaks the rules of HTTP, so that its connection cannot be used any further.
    package var isMalformed: Bool {
        switch self {
        case .headerMalformed, .bodyLengthUnclear, .hostRepeated, .targetMalformed: true
        case .targetTooLong, .headersTooLarge, .bodyTooLarge, .overloaded: false
        }
    }
}
