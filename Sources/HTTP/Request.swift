/// A request as it arrived: nothing in it is decoded or judged yet.
public struct Request: Sendable {
    public var method: Method
    /// The target up to the first `?`, escapes and all.
    public var path: String
    /// The target after the first `?`; nil if there was none.
    public var query: String?
    public var fields: Fields
    public var body: [UInt8]
    /// What makes the request unacceptable before anyone looks at its meaning.
    public var fault: Fault?
    /// The client's id for it if that is acceptable, else a new one.
    public var id: String
    public var arrival: ContinuousClock.Instant

    public init(
        method: Method,
        target: String,
        fields: Fields = Fields(),
        body: [UInt8] = [],
        fault: Fault? = nil,
        id: String = RequestID.next(),
        arrival: ContinuousClock.Instant = .now
    ) {
        self.method = method
        let bytes = target.utf8.span
        if let count = bytes.indices.first(where: { bytes[$0] == UInt8(ascii: "?") }) {
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

    /// The header fields that the service reads; all others are passed over.
    public struct Fields: Sendable {
        public var acceptLanguage: String?
        public var contentType: String?
        public var idempotencyKey: String?
        public var ifMatch: String?
        public var ifNoneMatch: String?
        public var requestID: String?

        public init() {}
    }

    /// What the server itself has found wrong.
    public enum Fault: Sendable, Equatable {
        /// A header field holds a control character, is folded, or frames the message in two ways at once.
        case malformed
        case targetTooLong
        case headersTooLarge
        case bodyTooLarge
        /// More requests are in progress than the server takes on.
        case overloaded
    }
}
