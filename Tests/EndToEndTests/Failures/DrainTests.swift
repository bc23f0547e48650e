import Glibc
import TestSupport
import Testing

/// Workers that are asked to stop: they finish what they have begun, and exit with 0.
@Suite(.startingProcesses) struct DrainTests {
    private func alone(_ settings: [String: String] = [:], _ test: @Sendable (Stack, Worker) async throws -> Void)
        async throws
    {
        var options = Stack.Options()
        options.workers = 1
        options.hasPortWorker = true
        options.hasNginx = false
        options.hasFaultProxy = true
        options.workerSettings = settings
        try await Stack.with(options) { stack in try await test(stack, stack.workers[1]) }
    }

    @Test(arguments: [SIGTERM, SIGINT]) func stopsAtOnceWhenIdle(_ signal: Int32) async throws {
        try await alone { _, worker in
            let kept = try HTTPConnection(to: worker.address)
            try expectSuccess(try kept.call(Call("GET", "/livez")))
            worker.signal(signal)
            #expect(try worker.child?.wait(atMost: .seconds(10)) == .exited(0))
            #expect(try kept.isClosedByServer())
        }
    }

    @Test func finishesRequestsInFlight() async throws {
        try await alone { stack, worker in
            let work = try worker.client.create()
            worker.client.closeConnections()
            try stack.proxy.mode = .stall
            let waiting = try HTTPConnection(to: worker.address)
            try waiting.send(Call("PATCH", work.path, text: #"{"status":5}"#))
            try worker.waitUntilItAwaitsReplies()
            worker.signal(SIGTERM)
            try worker.waitUntilItRefuses()
            try stack.proxy.mode = .pass
            let answer = try waiting.receive()
            #expect(try expectSuccess(answer)["status"] == 5)
            #expect(answer["Connection"]?.lowercased() == "close")
            #expect(try waiting.isClosedByServer())
            #expect(try worker.child?.wait() == .exited(0))
            #expect(try stack.worker(0).work(work.path).data["status"] == 5)
        }
    }

    @Test func finishesARequestWhoseBodyIsStillArriving() async throws {
        try await alone { stack, worker in
            let connection = try HTTPConnection(to: worker.address)
            let bytes = Call("POST", "/api/v1/works", text: draft().description).bytes
            try connection.wire.send(Array(bytes.dropLast(20)))
            try worker.catchUp()
            worker.signal(SIGTERM)
            try worker.waitUntilItRefuses()
            try connection.wire.send(Array(bytes.suffix(20)))
            let answer = try connection.receive()
            try expectSuccess(answer)
            #expect(answer["Connection"]?.lowercased() == "close")
            #expect(try worker.child?.wait() == .exited(0))
        }
    }

    @Test func isNotReadyAndAcceptsNoConnectionWhileItDrains() async throws {
        try await alone { stack, worker in
            let work = try worker.client.create()
            worker.client.closeConnections()
            let (waiting, kept) = (try HTTPConnection(to: worker.address), try HTTPConnection(to: worker.address))
            try expectSuccess(try kept.call(Call("GET", "/readyz")))
            try stack.proxy.mode = .stall
            try waiting.send(Call("GET", work.path))
            try worker.waitUntilItAwaitsReplies()
            // The kept connection has begun a request when the signal comes, so it is not idle and stays.
            let bytes = Call("GET", "/readyz").bytes
            try kept.wire.send(Array(bytes.prefix(10)))
            try worker.catchUp()
            worker.signal(SIGTERM)
            try worker.waitUntilItRefuses()
            try kept.wire.send(Array(bytes.dropFirst(10)))
            let ready = try kept.receive()
            expectRefusal(503_102, ready)
            #expect(ready["Connection"]?.lowercased() == "close")
            try stack.proxy.mode = .pass
            #expect(try expectSuccess(try waiting.receive()) == work.data)
            #expect(try worker.child?.wait() == .exited(0))
        }
    }

    @Test func stopsAtItsLimitWhateverIsLeft() async throws {
        try await alone(["WORKS_DRAIN_SECONDS": "1"]) { stack, worker in
            let work = try worker.client.create()
            let stuck = try HTTPConnection(to: worker.address)
            try stuck.send(raw: "POST /api/v1/works HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
            try stack.proxy.mode = .stall
            let waiting = try HTTPConnection(to: worker.address)
            try waiting.send(Call("GET", work.path))
            try worker.waitUntilItAwaitsReplies()
            let start = ContinuousClock.now
            worker.signal(SIGTERM)
            #expect(try worker.child?.wait(atMost: .seconds(10)) == .exited(0))
            #expect(ContinuousClock.now - start >= .milliseconds(900))
            #expect(ContinuousClock.now - start < .seconds(5))
            try stack.proxy.mode = .pass
        }
    }

    @Test func drainsOnceHoweverOftenItIsTold() async throws {
        try await alone { stack, worker in
            let work = try worker.client.create()
            worker.client.closeConnections()
            try stack.proxy.mode = .stall
            let waiting = try HTTPConnection(to: worker.address)
            try waiting.send(Call("GET", work.path))
            try worker.waitUntilItAwaitsReplies()
            for _ in 0..<3 { worker.signal(SIGTERM) }
            try worker.waitUntilItRefuses()
            worker.signal(SIGTERM)
            try stack.proxy.mode = .pass
            #expect(try expectSuccess(try waiting.receive()) == work.data)
            #expect(try worker.child?.wait() == .exited(0))
        }
    }
}
