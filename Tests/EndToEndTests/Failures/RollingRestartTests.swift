import Glibc
import TestSupport
import Testing

/// Every worker is replaced under load, as in an upgrade, without a failed request.
@Suite(.startingProcesses) struct RollingRestartTests {
    @Test func replacesAllWorkersWithoutAFailedRequest() async throws {
        try await Stack.with { stack in
            let load = Load(address: try stack.nginx.address, clients: 6, tolerance: .nothing)
            var requests = 0
            for round in 1...rounds {
                let clients = try await load.run {
                    for worker in stack.workers {
                        let old = try worker.replace(as: "\(worker.name)-\(round)")
                        old?.signal(SIGTERM)
                        #expect(try old?.wait(atMost: .seconds(40)) == .exited(0))
                    }
                }
                for client in clients { try client.expectKept(by: try stack.client) }
                try stack.expectVerified()
                #expect(clients.map(\.outages) == Array(repeating: 0, count: clients.count))
                requests += clients.map(\.requests).reduce(0, +)
            }
            #expect(requests > 100)
        }
    }

    @Test func aWorkerWithoutAStoreTakesNoRequestsAtFirst() async throws {
        try await Stack.with(.oneWorker) { stack in
            let worker = stack.workers[0]
            let started = ContinuousClock.now
            let new = try worker.spawn(as: "new", settings: ["WORKS_REDIS_URL": "unix:///tmp/no-such-works-socket"])
            let fresh = Client(worker.address, keepsConnections: false)
            while started.duration(to: .now) < .seconds(9) {
                #expect(try fresh.call("GET", "/readyz").status == 200)
                pause(.milliseconds(20))
            }
            // In the end it serves, to report what is wrong.
            worker.kill()
            let answer = try fresh.call("GET", "/readyz")
            expectRefusal(503_100, answer)
            #expect(answer["X-Worker"] == "new")
            #expect(new.stop() == .exited(0))
        }
    }

    @Test func aWorkerThatWaitsForItsStoreCanBeStopped() async throws {
        try await Stack.with(.oneWorker) { stack in
            let settings = ["WORKS_REDIS_URL": "unix:///tmp/no-such-works-socket"]
            let new = try stack.workers[0].spawn(as: "new", settings: settings)
            try eventually("it has missed its store") { new.output().contains("store unusable") }
            new.signal(SIGTERM)
            #expect(try new.wait(atMost: .seconds(2)) == .exited(0))
        }
    }

    @Test func aCursorOutlivesEveryWorker() async throws {
        try await Stack.with { stack in
            let client = try stack.client
            for _ in 0..<5 { _ = try client.create(["user_id": "somebody"]) }
            let all = try client.page("/api/v1/works?user_id=somebody").ids
            let next = try #require(try client.page("/api/v1/works?user_id=somebody&limit=2").next)
            for worker in stack.workers {
                worker.stop()
                try worker.start()
            }
            #expect(try client.page(next).ids == Array(all[2..<4]))
            for index in 0..<2 { #expect(try stack.worker(index).page(next).ids == Array(all[2..<4])) }
        }
    }
}
