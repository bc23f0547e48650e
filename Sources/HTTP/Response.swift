/// An answer: a status, header fields and a body that is ready to go out.
///
/// With the status 304, and for HEAD, only the size of the body goes out (RFC 9110 §8.6).
public struct Response: Sendable {
    public var status: Int
    public var fields: [Field]
    public var body: [UInt8]
    /// Whether the connection ends with this answer.
    public var closes: Bool

    public init(status: Int, fields: [Field] = [], body: [UInt8] = [], closes: Bool = false) {
        self.status = status
        // Room for those that are yet to come, for one allocation instead of one for each doubling.
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

    private static let fieldsExpected = 6

    /// The first value of a header field, by its exact name; nil if it is not set.
    public subscript(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }
}
