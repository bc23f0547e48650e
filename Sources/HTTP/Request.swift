import Bytes

/// A request as it arrived: nothing in it has been decoded or interpreted.
package struct Request: Sendable {
    package var method: Method
    /// The target up to the first `?`, with its escapes.
    package var path: String
    /// The target after the first `?`; nil if there was none.
    package var query: String?
    package var fields: Fields
    package var body: [UInt8]
    /// Why the request is unacceptable before its meaning is considered; nil if it is well formed and within limits.
    package var fault: HTTPFault?
    /// The client's `X-Request-Id` if ``RequestID/accepts(_:)`` it, else a new one.
    package var id: String
    package var arrival: ContinuousClock.Instant

    package init(
        method: Method,
        target: String,
        fields: Fields = Fields(),
        body: [UInt8] = [],
        fault: HTTPFault? = nil,
        id: String = RequestID.next(),
        arrival: ContinuousClock.Instant = .now
    ) {
        self.method = method
        if let count = target.utf8.span.firstIndex(of: UInt8(ascii: "?")) {
            let mark = target.utf8.index(target.startIndex, offsetBy: count)
            path = String(target[..<mark])
            query = String(target[target.utf8.index(after: mark)...])
        } else {
            path = target
            query = nil
        }
        self.fields = fields
        self.body = body
        self.fault = fault
        self.id = id
        self.arrival = arrival
    }

    /// The header fields that the service reads; the others are ignored.
    package struct Fields: Sendable {
        package var acceptLanguage: String?
        package var contentType: String?
        package var idempotencyKey: String?
        package var ifMatch: String?
        package var ifNoneMatch: String?
        package var requestID: String?

        package init() {}
    }
}
