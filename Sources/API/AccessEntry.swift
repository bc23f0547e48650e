package import HTTP

/// What the access log tells about one request.
package struct AccessEntry: Sendable {
    package let method: Method
    /// The template of the route, not the path: there are few of them, and they hold no ids.
    package let route: String
    package let status: Int
    /// The code of the failure; 0 for success.
    package let code: Int
    package let microseconds: Int
    package let bodyByteCount: Int
    package let requestID: String
}
