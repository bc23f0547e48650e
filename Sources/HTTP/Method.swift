/// The methods that a route can have (RFC 9110 §9, RFC 5789), and everything else.
package enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    /// Any other token; no route has it.
    case other = "OTHER"

    /// The method of a request line; methods are case-sensitive.
    package init(token: String) {
        self = Method(rawValue: token) ?? .other
    }
}
