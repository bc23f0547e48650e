/// A client of one server, for any number of threads; it keeps connections and reuses them, as real clients do.
package final class Client: Sendable {
    package let address: SocketAddress
    private let patience: Duration
    private let keepsConnections: Bool
    private let idle = Protected<[Wire]>([])

    package init(_ address: SocketAddress, keepsConnections: Bool = true, patience: Duration = .seconds(20)) {
        self.address = address
        self.keepsConnections = keepsConnections
        self.patience = patience
    }

    /// Sends a request with a JSON body, or none.
    package func call(
        _ method: String,
        _ target: String,
        _ body: Value? = nil,
        headers: [String: String] = [:]
    ) throws -> Answer {
        try send(Call(method, target, headers: headers, body: body.map { Array($0.description.utf8) }))
    }

    /// Sends a request with a body given as text.
    package func call(
        _ method: String,
        _ target: String,
        text: String,
        headers: [String: String] = [:]
    ) throws -> Answer {
        try send(Call(method, target, headers: headers, text: text))
    }

    /// Sends a request and reads its answer.
    ///
    /// Nothing is sent twice: after an error it is unknown what the server did.
    package func send(_ request: Call) throws -> Answer {
        let connection = HTTPConnection(try idleWire() ?? Wire(to: address), patience: patience)
        let answer = try connection.call(request)
        guard !connection.hasLeftovers else { throw HTTPReader.Malformed(description: "bytes after\n\(answer)") }
        let mayStay = keepsConnections && answer["Connection"]?.lowercased() != "close"
        if mayStay { idle.withLock { $0.append(connection.wire) } }
        return answer
    }

    /// Closes the kept connections.
    package func closeConnections() { idle.withLock { $0.removeAll() } }

    /// A kept connection that the server has not closed.
    private func idleWire() -> Wire? {
        while let wire = idle.withLock({ $0.popLast() }) {
            if !wire.hasNews() { return wire }
        }
        return nil
    }
}
