import Glibc
import TestSupport
import Testing

/// Workers that are asked to leave: they finish what they have, and leave with 0.
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

    @Test(arguments: [SIGTERM, SIGINT]) func leavesAtOnceWhenIdle(_ signal: Int32) async throws {
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
            try stack.proxy.mode = .delay(.milliseconds(400))
            let waiting = try HTTPConnection(to: worker.address)
            try waiting.send(Call("PATCH", work.path, text: #"{"status":5}"#))
            pause(.milliseconds(100))
            worker.signal(SIGTERM)
            let answer = try waiting.receive()
            #expect(try expectSuccess(answer)["status"] == 5)
            #expect(answer["Connection"]?.lowercased() == "close")
            #expect(try waiting.isClosedByServer())
            #expect(try worker.child?.wait() == .exited(0))
            try stack.proxy.mode = .pass
            #expect(try stack.worker(0).work(work.path).data["status"] == 5)
        }
    }

    @Test func finishesABodyThatIsStillComing() async throws {
        try await alone { stack, worker in
            let connection = try HTTPConnection(to: worker.address)
            let bytes = Call("POST", "/api/v1/works", text: draft().description).bytes
            try connection.wire.send(Array(bytes.dropLast(20)))
            pause(.milliseconds(100))
            worker.signal(SIGTERM)
            pause(.milliseconds(200))
            try connection.wire.send(Array(bytes.suffix(20)))
            let answer = try connection.receive()
            try expectSuccess(answer)
            #expect(answer["Connection"]?.lowercased() == "close")
            #expect(try worker.child?.wait() == .exited(0))
        }
    }

    @Test func isNotReadyAndTakesNobodyWhileItDrains() async throws {
        try await alone { stack, worker in
            let work = try worker.client.create()
            let (waiting, kept) = (try HTTPConnection(to: worker.address), try HTTPConnection(to: worker.address))
            try expectSuccess(try kept.call(Call("GET", "/readyz")))
            try stack.proxy.mode = .stall
            try waiting.send(Call("GET", work.path))
            pause(.milliseconds(100))
            // The kept connection has begun a request when the signal comes, so it is not idle and stays.
            let bytes = Call("GET", "/readyz").bytes
            try kept.wire.send(Array(bytes.prefix(10)))
            pause(.milliseconds(100))
            worker.signal(SIGTERM)
            try eventually("the listener is closed") { (try? Wire(to: worker.address)) == nil }
            try kept.wire.send(Array(bytes.dropFirst(10)))
            let ready = try kept.receive()
            expectRefusal(503_102, ready)
            #expect(ready["Connection"]?.lowercased() == "close")
            try stack.proxy.mode = .pass
            #expect(try expectSuccess(try waiting.receive()) == work.data)
            #expect(try worker.child?.wait() == .exited(0))
        }
    }

    @Test func leavesAfterItsTimeWhateverIsLeft() async throws {
        try await alone(["WORKS_DRAIN_SECONDS": "1"]) { stack, worker in
            let work = try worker.client.create()
            let stuck = try HTTPConnection(to: worker.address)
            try stuck.send(raw: "POST /api/v1/works HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            try stack.proxy.mode = .stall
            let waiting = try HTTPConnection(to: worker.address)
            try waiting.send(Call("GET", work.path))
            pause(.milliseconds(100))
            let start = ContinuousClock.now
            worker.signal(SIGTERM)
            #expect(try worker.child?.wait(atMost: .seconds(10)) == .exited(0))
            #expect(ContinuousClock.now - start >= .milliseconds(900))
            #expect(ContinuousClock.now - start < .seconds(5))
            try stack.proxy.mode = .pass
        }
    }

    @Test func drainsOnceHoweverOftenItIsAsked() async throws {
        try await alone { stack, worker in
            let work = try worker.client.create()
            try stack.proxy.mode = .delay(.milliseconds(300))
            let waiting = try HTTPConnection(to: worker.address)
            try waiting.send(Call("GET", work.path))
            pause(.milliseconds(50))
            for _ in 0..<3 { worker.signal(SIGTERM) }
            #expect(try expectSuccess(try waiting.receive()) == work.data)
            #expect(try worker.child?.wait() == .exited(0))
        }
    }
}
