import TestSupport
import Testing

/// Requests that do not arrive completely: they end after 60 seconds, or the time set, even if bytes still trickle in.
@Suite(.waiting) struct TimeoutTests {
    private static let post = "POST /api/v1/works HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{"

    private func impatient(_ test: @Sendable (HTTPConnection) async throws -> Void) async throws {
        var options = Stack.Options.oneWorker
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
        try await impatient { connection in try expectTheEndDespiteBytes(connection, after: .seconds(2)) }
    }

    @Test func endsARequestWhoseHeadersNeverEnd() async throws {
        try await impatient { connection in
            try connection.send(raw: "GET /livez HTTP/1.1\r\nHost: localhost\r\nX-A: ")
            try expectTheEnd(connection, after: .seconds(2))
        }
    }

    /// One test for both, so that they share the minute.
    @Test func aWorkerAndNginxWaitForAMinute() async throws {
        let (worker, nginx) = (try Shared.stack.workers[2].address, try Shared.client.address)
        _ = try await concurrently(2) { index in
            let connection = try HTTPConnection(to: index == 0 ? worker : nginx, patience: .seconds(90))
            if index == 0 {
                try expectTheEndDespiteBytes(connection, after: .seconds(60))
            } else {
                try expectNginxCloses(connection)
            }
        }
    }

    private func expectNginxCloses(_ connection: HTTPConnection) throws {
        try connection.send(raw: Self.post)
        let start = ContinuousClock.now
        #expect(throws: Wire.Failure.closed) { try connection.receive() }
        #expect((.seconds(55) ..< .seconds(75)).contains(ContinuousClock.now - start))
    }

    /// Sends a body byte by byte, never pausing long enough to look idle, until the server ends the request.
    private func expectTheEndDespiteBytes(_ connection: HTTPConnection, after time: Duration) throws {
        try connection.send(raw: Self.post)
        let start = ContinuousClock.now
        while !connection.wire.hasNews(within: .milliseconds(100)) && ContinuousClock.now - start < time * 2 {
            try connection.wire.send(" ")
        }
        try expectTheEnd(connection, after: time, since: start)
    }

    /// Expects a 408 in the envelope, at the right time, and a closed connection.
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
