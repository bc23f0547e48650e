/// An answer: its status, header fields and body.
///
/// With the status 304, and for HEAD, only the size of the body is sent (RFC 9110 §8.6).
public struct Response: Sendable {
    public var status: Int
    public var fields: [Field]
    public var body: [UInt8]
    /// Whether the connection is closed after this answer.
    public var closes: Bool

    public init(status: Int, fields: [Field] = [], body: [UInt8] = [], closes: Bool = false) {
        self.status = status
        // Room for the fields that are added later: one allocation instead of one for each doubling.
        self.fields = []
        self.fields.reserveCapacity(Self.fieldsExpected)
        self.fields += fields
        self.body = body
        self.closes = closes
    }

    /// One header field of an answer.
    public struct Field: Sendable, Equatable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    private static let fieldsExpected = 8

    /// The first value of the header field with exactly this name; nil if there is none.
    public subscript(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }
}
