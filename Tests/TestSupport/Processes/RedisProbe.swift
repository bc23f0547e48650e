/// A blocking Redis client for what tests must do to a store behind the service's back.
package final class RedisProbe {
    package indirect enum Reply: Equatable, Sendable {
        case null
        case text(String)
        case integer(Int)
        case error(String)
        case array([Reply])

        /// The texts of an array of texts; empty for anything else.
        package var texts: [String] {
            guard case .array(let items) = self else { return [] }
            return items.compactMap { item in
                guard case .text(let text) = item else { return nil }
                return text
            }
        }
    }

    private let wire: Wire
    private var buffer: [UInt8] = []
    private var patience = Duration.seconds(20)

    package init(to address: SocketAddress) throws { wire = try Wire(to: address) }

    /// Sends one command and reads its reply; an error reply is a value like any other.
    @discardableResult
    package func command(_ words: String...) throws -> Reply { try command(words) }

    /// The same, waiting for the reply as long as `patience`.
    @discardableResult
    package func command(_ words: [String], patience: Duration = .seconds(20)) throws -> Reply {
        self.patience = patience
        var bytes = Array("*\(words.count)\r\n".utf8)
        for word in words { bytes += Array("$\(word.utf8.count)\r\n\(word)\r\n".utf8) }
        try wire.send(bytes)
        return try reply()
    }

    private func reply() throws -> Reply {
        let line = try self.line()
        let rest = String(line.dropFirst())
        switch line.first {
        case "+": return .text(rest)
        case "-": return .error(rest)
        case ":": return .integer(Int(rest) ?? 0)
        case "$":
            guard let count = Int(rest), count >= 0 else { return .null }
            let text = String(decoding: try take(count), as: UTF8.self)
            _ = try take(2)
            return .text(text)
        case "*":
            guard let count = Int(rest), count >= 0 else { return .null }
            return .array(try (0..<count).map { _ in try reply() })
        default: throw Missing("no Redis reply: \(line)")
        }
    }

    private func line() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 13), end + 1 < buffer.count {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end + 2)
                return line
            }
            try fill()
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count { try fill() }
        let bytes = Array(buffer[..<count])
        buffer.removeFirst(count)
        return bytes
    }

    private func fill() throws {
        let bytes = try wire.receive(patience: patience)
        if bytes.isEmpty { throw Wire.Failure.closed }
        buffer += bytes
    }
}
