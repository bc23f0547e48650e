/// An answer: a status, header fields and a body that is ready to go out.
///
/// With the status 304, and for HEAD, only the size of the body goes out (RFC 9110 §8.6).
package struct Response: Sendable {
    package var status: Int
    package var fields: [Field]
    package var body: [UInt8]
    /// Whether the connection ends with this answer.
    package var closes: Bool

    package init(status: Int, fields: [Field] = [], body: [UInt8] = [], closes: Bool = false) {
        self.status = status
        // Room for those that are yet to come, for one allocation instead of one for each doubling.
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

    /// The first value of a header field, by its exact name; nil if it is not set.
    package subscript(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }
}
