import TestSupport
import Testing

/// Workers killed under load: nothing acknowledged is lost, nothing is half done.
@Suite(.startingProcesses) struct KillTests {
    @Test func killedWorkersLoseNothing() async throws {
        var options = Stack.Options()
        options.workers = 3
        try await Stack.with(options) { stack in
            var random = SeededRandom(5)
            let load = Load(address: try stack.nginx.address, clients: 6, tolerance: .outages)
            var requests = 0
            for _ in 0..<rounds {
                let clients = try await load.run {
                    for _ in 0..<4 {
                        let worker = random.pick(stack.workers)
                        worker.kill()
                        pause(.milliseconds(Int.random(in: 20...150, using: &random)))
                        try worker.start()
                    }
                }
                for client in clients { try client.expectKept(by: try stack.client) }
                try stack.expectVerified()
                requests += clients.map(\.requests).reduce(0, +)
            }
            #expect(requests > 100)
        }
    }

    @Test func theOthersServeWhileOneIsDead() async throws {
        var options = Stack.Options()
        options.workers = 2
        options.hasPortWorker = true
        options.hasNginx = false
        try await Stack.with(options) { stack in
            let work = try stack.worker(0).create()
            stack.workers[0].kill()
            for index in [1, 2] { #expect(try stack.worker(index).work(work.path).data == work.data) }
            try stack.workers[0].start()
            #expect(try stack.worker(0).work(work.path).data == work.data)
            stack.workers[2].kill()
            try stack.workers[2].start()
            #expect(try stack.worker(2).work(work.path).data == work.data, "the port is free again at once")
        }
    }

    @Test func saysThatNoWorkerIsRunning() async throws {
        var options = Stack.Options()
        options.workers = 1
        try await Stack.with(options) { stack in
            let client = try stack.client
            _ = try client.create()
            stack.workers[0].kill()
            stack.workers[0].closeListener()
            let answer = try client.call("GET", "/api/v1/works")
            expectRefusal(502_100, answer)
            #expect(answer["X-Worker"] == "nginx")
            expectRefusal(502_100, try client.call("DELETE", "/api/v1/works/abc"))
            expectRefusal(502_100, try client.call("POST", "/api/v1/works", draft()))
        }
    }

    @Test func aWriteThatAKilledWorkerHadReceivedIsNeverRepeated() async throws {
        var options = Stack.Options()
        options.hasFaultProxy = true
        try await Stack.with(options) { stack in
            let client = try stack.client
            let work = try client.create()
            // Both workers wait for the store; nginx must not hand the write of the one that dies to the other.
            try stack.proxy.mode = .dropReplies
            let answers = try await concurrently(2) { index in
                if index == 0 { return try client.call("DELETE", work.path + "?purge=true").status }
                try eventually("a worker has sent it to the store") {
                    try stack.workers.contains { try $0.requestsInProgress > 0 }
                }
                for worker in stack.workers { worker.kill() }
                return 0
            }
            #expect(answers[0] == 502)
            try stack.proxy.mode = .pass
            for worker in stack.workers { try worker.start() }
            let status = try client.call("GET", work.path).status
            #expect(status == 404 || status == 200)
            try stack.expectVerified()
        }
    }
}
