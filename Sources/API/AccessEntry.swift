public import HTTP

/// What the access log says about one request.
public struct AccessEntry: Sendable {
    public let method: Method
    /// The template of the route, not the path: templates are few and contain no ids.
    public let route: String
    public let status: Int
    /// The code of the failure; 0 for success.
    public let code: Int
    public let microseconds: Int
    public let bodyByteCount: Int
    public let requestID: String
    /// The IP address of the client; nil if it is unknown.
    public let client: String?
}
