import Bytes

/// The parameters of a query string, decoded as `application/x-www-form-urlencoded`, in order.
public struct Query: Sendable, Equatable {
    public struct Parameter: Sendable, Equatable {
        public let name: String
        public let value: String
    }

    /// A query with an escape that is not `%` and two hex digits, or with bytes that are not UTF-8.
    public struct Malformed: Error, Equatable {}

    public let parameters: [Parameter]

    /// Reads what follows the `?` of a target; nil and an empty text have no parameters.
    public init(_ text: String?) throws(Malformed) {
        guard let text, !text.isEmpty else {
            parameters = []
            return
        }
        var parameters: [Parameter] = []
        // Bytes, not characters: to Swift, a combining mark at the start of a value forms one character with the `=`.
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let mark = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = Percent.decode(Substring(pair[..<mark]), plusIsSpace: true)
            let value = Percent.decode(Substring(pair[mark...].dropFirst()), plusIsSpace: true)
            guard let name, let value else { throw Malformed() }
            parameters.append(Parameter(name: name, value: value))
        }
        self.parameters = parameters
    }
}
