import HTTP
import Loop
import Redis
import Store
import StoreTestSupport
import TestSupport
import Testing

@testable import API

/// The routes for operators, and the answers of a service that cannot work.
@Suite struct OperationTests {
    @Test func aServiceWithItsStoreIsAliveAndReady() async throws {
        try await withService { api in
            let live = try await api.call(.get, "/livez")
            #expect(live.status == 200)
            let ready = try await api.call(.get, "/readyz")
            #expect(ready.status == 200)
        }
    }

    @Test func aDrainingServiceIsAliveButNotReady() async throws {
        try await withService { api in
            await api.drain()
            let ready = try await api.call(.get, "/readyz")
            expectRefusal(503_102, ready)
            #expect(ready["Retry-After"] == "1")
            #expect(try await api.call(.get, "/livez").code == 0)
            // Requests that still arrive are served.
            #expect(try await api.call(.get, "/api/v1/works").code == 0)
        }
    }

    @Test func withoutAStoreOnlyTheProcessIsHealthy() async throws {
        let nowhere = RedisAddress(.unix(path: "/nonexistent/redis.sock"))
        try await withService(over: nowhere, limits: Self.impatient) { api in
            #expect(try await api.call(.get, "/livez").code == 0)
            #expect(try await api.call(.get, "/openapi.json").status == 200)
            #expect(try await api.call(.get, "/metrics").text.contains("works_redis_up 0\n"))
            try await Self.expectUnreachable(api)
        }
    }

    @Test func aStoreThatIsNotInstalledIsNotAnEmptyList() async throws {
        try await withService(over: try TestRedis.newDatabase(), limits: Self.impatient) { api in
            try await until("the store has been looked at") { await api.connection.unusableReason != nil }
            try await Self.expectUnreachable(api)
        }
    }

    @Test func aStoreOfANewerSchemaIsNotServed() async throws {
        let address = try TestRedis.newDatabase()
        try await TestRedis.install(address, version: 2)
        try await withService(over: address, limits: Self.impatient) { api in
            try await until("the store has been looked at") {
                await api.connection.unusableReason?.contains("schema 2") == true
            }
            try await Self.expectUnreachable(api)
        }
    }

    /// A read waits for the store to return, as long as a command may take; here it does not return.
    private static var impatient: RedisLimits {
        var limits = RedisLimits()
        limits.commandTimeout = .milliseconds(100)
        return limits
    }

    private static func expectUnreachable(_ api: ServiceUnderTest) async throws {
        let requests: [(Method, String, Value?)] = [
            (.get, "/readyz", nil), (.get, "/api/v1/works", nil), (.get, "/api/v1/works/search?status=1,2", nil),
            (.get, "/api/v1/works/w", nil), (.post, "/api/v1/works", someWork),
            (.patch, "/api/v1/works/w", ["status": 1]),
            (.delete, "/api/v1/works/w", nil), (.post, "/api/v1/works/w/restore", nil),
            (.get, "/api/v1/works/w/tasks", nil),
            (.post, "/api/v1/works/w/tasks", ["status": 1]), (.get, "/api/v1/works/w/tasks/t", nil),
            (.patch, "/api/v1/works/w/tasks/t", ["status": 1]),
        ]
        for (method, target, body) in requests {
            let answer = try await api.call(method, target, body)
            expectRefusal(503_100, answer)
            #expect(answer["Retry-After"] == "1")
        }
    }

    @Test(arguments: ["/livez", "/readyz", "/metrics", "/openapi.json"])
    func theyHaveNoParameters(target: String) async throws {
        try await withService { api in
            expectRefusal(400_103, try await api.call(.get, target + "?x=1"))
            #expect(try await api.call(.get, target + "?").status == 200)
        }
    }
}

extension ServiceUnderTest {
    @LoopActor fileprivate func drain() {
        service.isDraining = true
    }
}
