/// One HTTP/1.1 connection in the hands of a test: whole requests, several at once, byte by byte, or plain nonsense.
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

    /// Whether the server ends the connection within the time; anything else it sends is an error.
    package func isClosedByServer(within patience: Duration = .seconds(5)) throws -> Bool {
        guard reader.buffer.isEmpty else { throw HTTPReader.Malformed(description: "bytes that nobody asked for") }
        do {
            let bytes = try wire.receive(patience: patience)
            guard bytes.isEmpty else { throw HTTPReader.Malformed(description: "bytes that nobody asked for") }
            return true
        } catch Wire.Failure.closed {
            return true
        } catch Wire.Failure.silent {
            return false
        }
    }

    /// Whether more than the answers read so far has come.
    package var hasLeftovers: Bool { !reader.buffer.isEmpty }
}
