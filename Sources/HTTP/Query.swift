import Bytes

/// The parameters of a query string, decoded as `application/x-www-form-urlencoded`, in order.
package struct Query: Sendable, Equatable {
    package struct Parameter: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    package enum Problem: Error, Equatable {
        /// An escape that is not `%` and two hex digits, or bytes that are not UTF-8.
        case malformed
    }

    package let parameters: [Parameter]

    package init(_ text: String?) throws(Problem) {
        guard let text, !text.isEmpty else {
            parameters = []
            return
        }
        var parameters: [Parameter] = []
        // Bytes, not characters: a combining character at the beginning of a value is one with the `=` before it.
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let mark = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = Percent.decode(Substring(pair[..<mark]), plusIsSpace: true)
            let value = Percent.decode(Substring(pair[mark...].dropFirst()), plusIsSpace: true)
            guard let name, let value else { throw .malformed }
            parameters.append(Parameter(name: name, value: value))
        }
        self.parameters = parameters
    }
}
