import TestSupport
import Testing

/// Requests that do not arrive: they end after 60 seconds, or what the setting says, however slowly they go on.
@Suite(.waiting) struct TimeoutTests {
    private static let post = "POST /api/v1/works HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{"

    private func impatient(_ test: @Sendable (HTTPConnection) async throws -> Void) async throws {
        var options = Stack.Options()
        options.workers = 1
        options.hasNginx = false
        options.workerSettings = ["WORKS_ARRIVAL_SECONDS": "2"]
        try await Stack.with(options) { stack in try await test(try HTTPConnection(to: stack.workers[0].address)) }
    }

    @Test func endsARequestThatStops() async throws {
        try await impatient { connection in
            try connection.send(raw: Self.post)
            try expectTheEnd(connection, after: .seconds(2))
        }
    }

    @Test func endsARequestThatNeverEnds() async throws {
        try await impatient { connection in try expectTheEndInSpiteOfBytes(connection, after: .seconds(2)) }
    }

    @Test func endsARequestWhoseHeadersNeverEnd() async throws {
        try await impatient { connection in
            try connection.send(raw: "GET /livez HTTP/1.1\r\nHost: x\r\nX-A: ")
            try expectTheEnd(connection, after: .seconds(2))
        }
    }

    @Test func isPatientForAMinute() throws {
        let worker = try Shared.stack.workers[2].address
        try expectTheEndInSpiteOfBytes(try HTTPConnection(to: worker, patience: .seconds(90)), after: .seconds(60))
    }

    @Test func nginxIsPatientForAMinute() throws {
        let connection = try HTTPConnection(to: try Shared.client.address, patience: .seconds(90))
        try connection.send(raw: Self.post)
        let start = ContinuousClock.now
        #expect(throws: Wire.Failure.closed) { try connection.receive() }
        #expect((.seconds(55) ..< .seconds(75)).contains(ContinuousClock.now - start))
    }

    /// Sends a body byte by byte, faster than any pause that a server may take for the end, until it is ended.
    private func expectTheEndInSpiteOfBytes(_ connection: HTTPConnection, after time: Duration) throws {
        try connection.send(raw: Self.post)
        let start = ContinuousClock.now
        while !connection.wire.hasNews(within: .milliseconds(100)) && ContinuousClock.now - start < time * 2 {
            try connection.wire.send(" ")
        }
        try expectTheEnd(connection, after: time, since: start)
    }

    /// Expects a 408 in the envelope, in time, and the end of the connection.
    private func expectTheEnd(
        _ connection: HTTPConnection,
        after time: Duration,
        since start: ContinuousClock.Instant = .now
    ) throws {
        expectRefusal(408_100, try connection.receive())
        let took = ContinuousClock.now - start
        #expect(took > time - .seconds(1))
        #expect(took < time + .seconds(5))
        #expect(try connection.isClosedByServer())
    }
}
