/// One HTTP/1.1 connection that a test controls: whole requests, several at once, byte by byte, or nonsense.
package final class HTTPConnection {
    package let wire: Wire
    private var reader: HTTPReader

    package convenience init(to address: SocketAddress, patience: Duration = .seconds(20)) throws {
        self.init(try Wire(to: address), patience: patience)
    }

    init(_ wire: Wire, patience: Duration) {
        self.wire = wire
        reader = HTTPReader(wire, patience: patience)
    }

    package func send(_ request: Call) throws { try wire.send(request.bytes) }

    /// Sends bytes as they are.
    package func send(raw text: String) throws { try wire.send(text) }

    /// Sends bytes in small pieces with pauses between them.
    package func send(slowly bytes: [UInt8], piece: Int, every gap: Duration) throws {
        for start in stride(from: 0, to: bytes.count, by: piece) {
            try wire.send(Array(bytes[start..<min(start + piece, bytes.count)]))
            pause(gap)
        }
    }

    /// The next answer on this connection.
    package func receive(isHead: Bool = false) throws -> Answer { try reader.answer(isHead: isHead) }

    package func call(_ request: Call) throws -> Answer {
        try send(request)
        return try receive(isHead: request.method == "HEAD")
    }

    /// Whether the server closes the connection within the time; any bytes it sends are an error.
    package func isClosedByServer(within patience: Duration = .seconds(5)) throws -> Bool {
        guard reader.buffer.isEmpty else { throw HTTPReader.Malformed(description: "bytes without a request") }
        do {
            let bytes = try wire.receive(patience: patience)
            guard bytes.isEmpty else { throw HTTPReader.Malformed(description: "bytes without a request") }
            return true
        } catch Wire.Failure.closed {
            return true
        } catch Wire.Failure.silent {
            return false
        }
    }

    /// Whether bytes beyond the answers read so far have arrived.
    package var hasLeftovers: Bool { !reader.buffer.isEmpty }
}
