/// Any JSON value.
///
/// A number without fraction and exponent is an `integer`, any other number a `real`: 1 and 1.0 differ.
public enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case real(Double)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

/// A name and its value in an object.
public struct JSONMember: Equatable, Sendable {
    public let name: String
    public let value: JSONValue

    public init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
    }
}
