import Foundation
import TestSupport
import Testing

/// A store that restarts, stops, freezes, is full, or is not the one the workers need.
@Suite(.startingProcesses) struct RedisOutageTests {
    @Test func restartsUnderLoadLoseNothing() async throws {
        try await Stack.with { stack in
            let load = Load(address: try stack.nginx.address, clients: 6, tolerance: .outages)
            var requests = 0
            for round in 0..<(1 + rounds) {
                let clients = try await load.run {
                    try load.waitForRequests(50)
                    if round % 2 == 0 { stack.redis.kill() } else { stack.redis.stop() }
                    pause(.milliseconds(100))
                    try stack.redis.start()
                    for index in 0..<2 { try waitUntilReady(stack.worker(index)) }
                }
                for client in clients { try client.expectKept(by: try stack.client) }
                try stack.expectVerified()
                requests += clients.map(\.requests).reduce(0, +)
            }
            #expect(requests > 100)
        }
    }

    private func waitUntilReady(_ client: Client) throws {
        try eventually("the worker is ready again", within: .seconds(20)) {
            try client.call("GET", "/readyz").status == 200
        }
    }

    @Test func saysThatTheStoreIsUnreachable() async throws {
        try await Stack.with { stack in
            let client = try stack.client
            let work = try client.create()
            stack.redis.stop()
            try eventually("the workers have noticed") { try stack.worker(0).call("GET", "/readyz").status == 503 }
            let requests: [(String, String, Value?)] = [
                ("GET", "/readyz", nil), ("GET", work.path, nil), ("GET", "/api/v1/works", nil),
                ("GET", "/api/v1/works/search", nil), ("POST", "/api/v1/works", draft()),
                ("PATCH", work.path, ["status": 1]),
                ("DELETE", work.path, nil), ("POST", work.path + "/restore", nil), ("GET", work.path + "/tasks", nil),
                ("POST", work.path + "/tasks", ["status": 1]),
            ]
            _ = try await concurrently(requests.count) { index in
                let (method, path, body) = requests[index]
                let start = ContinuousClock.now
                expectRefusal(503_100, try stack.worker(0).call(method, path, body))
                #expect(ContinuousClock.now - start < .seconds(5), "\(method) \(path)")
            }
            try expectSuccess(try stack.worker(0).call("GET", "/livez"))
            expectRefusal(400_103, try stack.worker(0).call("GET", "/api/v1/works?limit=x"))
            #expect(try stack.worker(0).call("GET", "/metrics").status == 200)
            try stack.redis.start()
            try waitUntilReady(stack.worker(0))
            #expect(try stack.worker(0).work(work.path).data == work.data)
        }
    }

    @Test func saysThatTheStoreIsSilent() async throws {
        try await Stack.with { stack in
            let work = try stack.client.create()
            stack.redis.freeze()
            let answers = try await concurrently(4) { index in
                try stack.worker(index).call(index < 2 ? "GET" : "PATCH", work.path, index < 2 ? nil : ["name": "late"])
            }
            // The first to run out of time ends the connection; the others then find no store.
            for answer in answers { expectRefusal(answer.status == 503 ? 503_100 : 504_100, answer) }
            #expect(answers.contains { $0.status == 504 })
            try expectSuccess(try stack.worker(0).call("GET", "/livez"))
            #expect(try stack.worker(0).call("GET", "/readyz").status == 503)
            stack.redis.thaw()
            for index in 0..<2 { try waitUntilReady(stack.worker(index)) }
            let name = try stack.client.work(work.path).data["name"]
            #expect(name == work.data["name"] || name == "late")
            try stack.expectVerified()
        }
    }

    /// Prometheus must learn that the store is silent, rather than that the worker is.
    @Test func tellsItsOwnMetricsSoonWhileTheStoreIsSilent() async throws {
        var options = Stack.Options.oneWorker
        // Longer than the test: the worker takes the silence for a slow answer.
        options.workerSettings = ["WORKS_REDIS_COMMAND_MS": "60000", "WORKS_DRAIN_SECONDS": "1"]
        try await Stack.with(options) { stack in
            #expect(try stack.worker(0).call("GET", "/metrics").text.contains("\nworks_in_trash 0\n"))
            stack.redis.freeze()
            for _ in 0..<3 {
                let start = ContinuousClock.now
                let answer = try stack.worker(0).call("GET", "/metrics")
                #expect(ContinuousClock.now - start < .seconds(5))
                #expect(answer.status == 200 && answer.text.contains("\nworks_redis_up 1\n"), "\(answer)")
                #expect(!answer.text.contains("works_in_trash"), "\(answer)")
            }
            stack.redis.thaw()
            try eventually("the store tells again") {
                try stack.worker(0).call("GET", "/metrics").text.contains("\nworks_in_trash 0\n")
            }
        }
    }

    @Test func leavesAWriteOpenWhoseReplyIsLost() async throws {
        var options = Stack.Options()
        options.hasFaultProxy = true
        try await Stack.with(options) { stack in
            let client = stack.worker(0)
            let work = try client.create()
            let body = draft()
            let key = ["Idempotency-Key": unique()]
            try stack.proxy.mode = .dropReplies
            expectRefusal(504_100, try client.call("POST", "/api/v1/works", body, headers: key))
            try stack.proxy.mode = .pass
            for index in 0..<2 { try waitUntilReady(stack.worker(index)) }
            try expectSuccess(try client.call("POST", "/api/v1/works", body, headers: key))
            #expect(try client.page("/api/v1/works?user_id=\(body["user_id"].string ?? "")").total == 1)
            #expect(try client.work(work.path).data == work.data)
            try stack.expectVerified()
        }
    }

    @Test func readsAgainWhenTheConnectionIsLost() async throws {
        var options = Stack.Options()
        options.hasFaultProxy = true
        try await Stack.with(options) { stack in
            let work = try stack.client.create()
            for _ in 0..<(3 * rounds) {
                try stack.proxy.cut()
                try waitUntilReady(stack.worker(0))
                #expect(try stack.worker(0).work(work.path).data == work.data)
            }
            try stack.proxy.mode = .delay(.milliseconds(20))
            #expect(try stack.worker(1).work(work.path).data == work.data)
        }
    }

    @Test func cutConnectionsUnderLoadLoseNothing() async throws {
        var options = Stack.Options()
        options.hasFaultProxy = true
        try await Stack.with(options) { stack in
            let load = Load(address: try stack.nginx.address, clients: 4, tolerance: .outages)
            for _ in 0..<rounds {
                let clients = try await load.run {
                    for number in 0..<4 {
                        try load.waitForRequests(20)
                        if number % 2 == 0 {
                            try stack.proxy.cut()
                        } else {
                            try stack.proxy.mode = .dropReplies
                            pause(.milliseconds(20))
                            try stack.proxy.mode = .pass
                        }
                    }
                    for index in 0..<2 { try waitUntilReady(stack.worker(index)) }
                }
                for client in clients { try client.expectKept(by: try stack.client) }
                try stack.expectVerified()
            }
        }
    }

    @Test func saysThatTheStoreIsFull() async throws {
        try await Stack.with { stack in
            let client = try stack.client
            let work = try client.create()
            try stack.redis.command("CONFIG", "SET", "maxmemory", "100kb")
            expectRefusal(503_101, try client.call("POST", "/api/v1/works", draft()))
            expectRefusal(503_101, try client.call("PATCH", work.path, ["name": "no room"]))
            #expect(try client.work(work.path).data == work.data)
            #expect(try client.page("/api/v1/works").total == 1)
            try client.delete(work)
            expectRefusal(503_101, try client.call("POST", work.path + "/restore"))
            try expectSuccess(try client.call("DELETE", work.path + "?purge=true"))
            try stack.redis.command("CONFIG", "SET", "maxmemory", "0")
            _ = try client.create()
            try stack.expectVerified()
        }
    }

    @Test func servesNothingFromAStoreThatIsNotPrepared() async throws {
        var options = Stack.Options()
        options.isInstalled = false
        try await Stack.with(options) { stack in
            for index in 0..<2 {
                expectRefusal(503_100, try stack.worker(index).call("GET", "/readyz"))
                expectRefusal(503_100, try stack.worker(index).call("GET", "/api/v1/works"))
                expectRefusal(503_100, try stack.worker(index).call("POST", "/api/v1/works", draft()))
            }
            try stack.install()
            for index in 0..<2 { try waitUntilReady(stack.worker(index)) }
            #expect(try stack.client.page("/api/v1/works").total == 0)
        }
    }

    /// Works that are found are returned; an empty list or a change requires a store that is prepared.
    @Test(arguments: [false, true])
    func doesNotMistakeALostStoreForAnEmptyOne(isEmptied: Bool) async throws {
        try await Stack.with { stack in
            let work = try stack.client.create()
            if isEmptied {
                try stack.redis.command("FLUSHALL")
                expectRefusal(503_100, try stack.worker(0).call("GET", "/api/v1/works"))
            } else {
                try stack.redis.command("FUNCTION", "FLUSH")
                // The worker may have noticed already.
                let answer = try stack.worker(0).call("GET", work.path)
                if answer.status == 200 { #expect(answer.data == work.data) } else { expectRefusal(503_100, answer) }
                expectRefusal(503_100, try stack.worker(0).call("POST", "/api/v1/works", draft()))
            }
            expectRefusal(503_100, try stack.worker(1).call("GET", "/api/v1/works?name=nobody"))
            expectRefusal(503_100, try stack.worker(1).call("GET", "/api/v1/works?user_id=nobody"))
            expectRefusal(503_100, try stack.worker(1).call("GET", "/api/v1/works/search?name=nobody"))
            try stack.install()
            for index in 0..<2 { try waitUntilReady(stack.worker(index)) }
            #expect(try stack.client.page("/api/v1/works").total == (isEmptied ? 0 : 1))
        }
    }

    /// Clients learn nothing of the cause; the log has the words of Redis, and the id that the client got.
    @Test func logsWhatRedisSaidToARequestThatFailed() async throws {
        try await Stack.with(.oneWorker) { stack in
            let work = try stack.worker(0).create()
            try stack.redis.command("SET", "{0}:w:\(work.id)", "no hash")
            let answer = try stack.worker(0).call("GET", work.path)
            expectRefusal(500_100, answer)
            #expect(!answer.text.contains("WRONGTYPE") && !answer.text.contains("Redis"))
            let id = try #require(answer["X-Request-Id"])
            let line = "request \(id) was answered with 500100: Redis refused a command: WRONGTYPE "
            try eventually("the log has \(line)") { stack.workers[0].output().contains(line) }
            // A flood is cut short.
            for _ in 0..<100 { expectRefusal(500_100, try stack.worker(0).call("GET", work.path)) }
            let lines = stack.workers[0].output().components(separatedBy: "was answered with 500100").count - 1
            #expect((1...30).contains(lines), "\(lines)")
        }
    }

    @Test func tellsTheOperatorWhatRedisSaid() async throws {
        try await Stack.with(.oneWorker) { stack in
            let (ending, output) = try stack.worksctl("verify", "--redis", "unix://\(stack.redis.socket)")
            #expect(
                ending == .exited(1) && output == "worksctl: Redis refused a command: NOAUTH Authentication required.\n"
            )
            let wrong = try stack.worksctl("verify", "--redis", "unix://works:hush@\(stack.redis.socket)")
            #expect(wrong.ending == .exited(69) && wrong.output.contains(": WRONGPASS invalid username-password pair"))
            #expect(!wrong.output.contains("hush"))
            try stack.redis.command("ACL", "SETUSER", "worksadmin", "-scan")
            let refused = try stack.worksctl("verify")
            #expect(refused.output.contains("Redis refused a command: NOPERM "), "\(refused.output)")
        }
    }

    /// The worker tries to connect several times a second.
    @Test func logsAnOutageOnce() async throws {
        try await Stack.with(.oneWorker) { stack in
            stack.redis.kill()
            try eventually("the outage is logged") { stack.workers[0].output().contains("cannot connect to") }
            pause(.seconds(3))
            try stack.redis.start()
            try waitUntilReady(stack.worker(0))
            let output = stack.workers[0].output()
            #expect(output.components(separatedBy: "store unusable: ").count - 1 <= 3, "\(output)")
            #expect(output.contains("store usable again after "), "\(output)")
        }
    }

    @Test func refusesAStoreOfANewerSchema() async throws {
        try await Stack.with(.oneWorker) { stack in
            try stack.redis.command("HSET", "{0}:schema", "version", "2")
            stack.workers[0].stop()
            stack.workers[0].closeListener()  // on an inherited socket it would wait for a store it can use
            try stack.workers[0].start(untilReady: false)
            expectRefusal(503_100, try stack.worker(0).call("GET", "/readyz"))
            expectRefusal(503_100, try stack.worker(0).call("GET", "/api/v1/works"))
        }
    }

    @Test func refusesAUserWithoutARight() async throws {
        try await Stack.with(.oneWorker) { stack in
            let client = stack.worker(0)
            try stack.redis.command("ACL", "SETUSER", "works", "-zadd")
            let key = ["Idempotency-Key": unique()]
            let body = draft()
            expectRefusal(500_100, try client.call("POST", "/api/v1/works", body, headers: key))
            try eventually("it is not ready") { try client.call("GET", "/readyz").status == 503 }
            let message = expectRefusal(503_100, try client.call("POST", "/api/v1/works", body, headers: key))
            #expect(!message.isEmpty)
            try stack.redis.command("ACL", "SETUSER", "works", "+zadd")
            try waitUntilReady(client)
            let answer = try client.call("POST", "/api/v1/works", body, headers: key)
            let id = try expectSuccess(answer)["work_id"].string
            #expect(answer["Idempotency-Replayed"] == nil)
            #expect(try client.page("/api/v1/works").ids == [id])
            try stack.expectVerified()
        }
    }

    /// A worker that is connected already.
    @Test func writesNothingIntoAStoreOfANewerSchema() async throws {
        try await Stack.with(.oneWorker) { stack in
            let client = stack.worker(0)
            let work = try client.create()
            try stack.redis.command("HSET", "{0}:schema", "version", "2")
            expectRefusal(503_100, try client.call("PATCH", work.path, ["status": 3]))
            try stack.redis.command("HSET", "{0}:schema", "version", "1")
            try waitUntilReady(client)
            #expect(try client.work(work.path).data == work.data)
        }
    }

    @Test func refusesAStoreThatEvicts() async throws {
        try await Stack.with(.oneWorker) { stack in
            try stack.redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
            try stack.redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            try eventually("the worker has looked again") {
                try stack.worker(0).call("GET", "/readyz").status == 503
            }
            pause(.milliseconds(300))
            expectRefusal(503_100, try stack.worker(0).call("GET", "/readyz"))
            #expect(try stack.worksctl("install").0 == .exited(1))
        }
    }
}
