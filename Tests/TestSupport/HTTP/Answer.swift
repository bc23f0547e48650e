/// An HTTP answer as received: the status, the headers in their order, the body without its framing.
package struct Answer: Sendable, CustomStringConvertible {
    package struct Header: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package let status: Int
    package let headers: [Header]
    package let body: [UInt8]

    package init(status: Int, headers: [Header], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, ignoring case.
    package subscript(_ name: String) -> String? { all(name).first }

    /// Every header of that name, in order.
    package func all(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; null if it is not JSON, so that an expectation on a part of it fails and shows this answer.
    package var json: Value { (try? Value(parsing: text)) ?? .null }

    package var code: Int? { json["code"].integer }

    package var data: Value { json["data"] }

    package var description: String {
        let lines = headers.map { "\($0.name): \($0.value)" }
        return "\(status)\n" + lines.joined(separator: "\n") + "\n\n" + text.prefix(2000)
    }
}
