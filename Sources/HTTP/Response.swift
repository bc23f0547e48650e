/// An answer: its status, header fields and body.
///
/// With the status 304, and for HEAD, only the size of the body is sent (RFC 9110 §8.6).
package struct Response: Sendable {
    package var status: Int
    package var fields: [Field]
    package var body: [UInt8]
    /// Whether the connection is closed after this answer.
    package var closes: Bool

    package init(status: Int, fields: [Field] = [], body: [UInt8] = [], closes: Bool = false) {
        self.status = status
        // Room for the fields that are added later: one allocation instead of one for each doubling.
        self.fields = []
        self.fields.reserveCapacity(Self.fieldsExpected)
        self.fields += fields
        self.body = body
        self.closes = closes
    }

    /// One header field of an answer.
    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    private static let fieldsExpected = 6

    /// The first value of the header field with exactly this name; nil if there is none.
    package subscript(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }
}
