import Glibc
import TestSupport
import Testing

/// Every worker replaced under load, as an upgrade does it, without one failed request.
@Suite(.startingProcesses) struct RollingRestartTests {
    @Test func replacesAllWorkersWithoutAFailedRequest() async throws {
        try await Stack.with { stack in
            let load = Load(address: try stack.nginx.address, clients: 6, tolerance: .nothing)
            let clients = try await load.run {
                for round in 1...rounds {
                    for worker in stack.workers {
                        let old = try worker.replace(as: "\(worker.name)-\(round)")
                        old?.signal(SIGTERM)
                        #expect(try old?.wait(atMost: .seconds(40)) == .exited(0))
                    }
                }
            }
            for client in clients { try client.expectKept(by: try stack.client) }
            #expect(clients.map(\.outages) == Array(repeating: 0, count: clients.count))
            #expect(clients.map(\.requests).reduce(0, +) > 100)
            try stack.expectVerified()
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
