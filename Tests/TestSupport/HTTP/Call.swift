/// An HTTP request, as it is written byte for byte.
package struct Call: Sendable {
    package var method: String
    package var target: String
    package var headers: [Answer.Header]
    package var body: [UInt8]?

    package init(_ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8]? = nil) {
        self.method = method
        self.target = target
        self.headers = headers.sorted { $0.key < $1.key }.map { Answer.Header(name: $0.key, value: $0.value) }
        self.body = body
    }

    package init(_ method: String, _ target: String, headers: [String: String] = [:], text: String) {
        self.init(method, target, headers: headers, body: Array(text.utf8))
    }

    /// The request on the wire; Host and Content-Length are added unless they are given.
    package var bytes: [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\n"
        if !has("Host") { head += "Host: localhost\r\n" }
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        if let body, !has("Content-Length"), !has("Transfer-Encoding") { head += "Content-Length: \(body.count)\r\n" }
        return Array((head + "\r\n").utf8) + (body ?? [])
    }

    private func has(_ name: String) -> Bool { headers.contains { $0.name.lowercased() == name.lowercased() } }
}
