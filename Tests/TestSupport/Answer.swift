/// An HTTP answer as it came: the status line, the headers in their order, the body with its framing taken off.
public struct Answer: Sendable, CustomStringConvertible {
    public struct Header: Sendable, Equatable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    public let status: Int
    public let headers: [Header]
    public let body: [UInt8]

    public init(status: Int, headers: [Header], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, in any case.
    public subscript(_ name: String) -> String? { all(name).first }

    /// Every header of that name, in order.
    public func all(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; null when it is none, so that an assertion on a part of it fails and shows this answer.
    public var json: Value { (try? Value(parsing: text)) ?? .null }

    public var code: Int? { json["code"].integer }

    public var data: Value { json["data"] }

    public var description: String {
        let lines = headers.map { "\($0.name): \($0.value)" }
        return "\(status)\n" + lines.joined(separator: "\n") + "\n\n" + text.prefix(2000)
    }
}
