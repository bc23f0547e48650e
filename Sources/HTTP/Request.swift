/// A request as it arrived: nothing in it has been decoded or interpreted.
public struct Request: Sendable {
    public var method: Method
    /// The target up to the first `?`, with its escapes.
    public var path: String
    /// The target after the first `?`; nil if there was none.
    public var query: String?
    public var fields: Fields
    public var body: [UInt8]
    /// Why the request is unacceptable before its meaning is considered; nil if it is well formed and within limits.
    public var fault: HTTPFault?
    /// The client's `X-Request-Id` if ``RequestID/accepts(_:)`` it, else a new one.
    public var id: String
    public var arrival: ContinuousClock.Instant
    /// The IP address of the client; nil if it is unknown.
    public var client: String?

    public init(
        method: Method,
        path: String,
        query: String?,
        fields: Fields = Fields(),
        body: [UInt8] = [],
        fault: HTTPFault? = nil,
        id: String = RequestID.next(),
        arrival: ContinuousClock.Instant = .now,
        client: String? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.fault = fault
        self.id = id
        self.arrival = arrival
        self.client = client
    }

    /// A request whose target is not split yet.
    public init(
        method: Method,
        target: String,
        fields: Fields = Fields(),
        body: [UInt8] = [],
        fault: HTTPFault? = nil,
        id: String = RequestID.next()
    ) {
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        self.init(
            method: method,
            path: String(target[..<(mark ?? target.endIndex)]),
            query: mark.map { String(target[target.utf8.index(after: $0)...]) },
            fields: fields,
            body: body,
            fault: fault,
            id: id
        )
    }

    /// The header fields that the service reads; the others are ignored.
    public struct Fields: Sendable {
        public var acceptLanguage: String?
        public var contentEncoding: String?
        public var contentType: String?
        public var idempotencyKey: String?
        public var ifMatch: String?
        public var ifNoneMatch: String?
        public var requestID: String?
        public var secFetchSite: String?
        public var origin: String?
        /// Set only where ``origin`` is, to which it is compared.
        public var host: String?

        public init() {}
    }
}
