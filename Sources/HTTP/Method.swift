/// The methods that a route can have (RFC 9110 §9, RFC 5789), and one case for all others.
public enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    /// Any other token, which no route has.
    case other = "OTHER"

    /// Reads the method of a request line; case matters.
    public init(token: String) {
        self = Method(rawValue: token) ?? .other
    }
}
