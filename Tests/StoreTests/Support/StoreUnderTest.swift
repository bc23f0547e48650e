import JSON
import Loop
import Redis
import StoreTestSupport
import TestSupport
import Testing
import Works

@testable import Store

/// A store in a database of its own, and a connection beside it.
struct StoreUnderTest: Sendable {
    let connection: StoreConnection
    let redis: RedisClient

    func works(_ limits: SearchLimits = SearchLimits()) async -> WorkStore {
        await WorkStore(connection, limits: limits)
    }
}

/// Runs `body` with a prepared store.
func withStore(_ body: (StoreUnderTest) async throws -> Void) async throws {
    let address = try TestRedis.newDatabase()
    try await TestRedis.install(address)
    // Tests count commands.
    let connection = await StoreConnection(to: address, limits: TestRedis.patience, lookInterval: .seconds(3600))
    let redis = await RedisClient(to: address, limits: TestRedis.patience) { _ in nil }
    await redis.start()
    try await until("the store is usable") {
        let isUsable = await connection.isUsable
        return await redis.isUsable && isUsable
    }
    do {
        try await body(StoreUnderTest(connection: connection, redis: redis))
    } catch {
        await redis.close()
        await connection.close()
        throw error
    }
    await redis.close()
    await connection.close()
}

extension WorkStore {
    /// Creates a work of these members, and the rest as it is for all.
    func create(_ members: [JSONMember]) async throws(StoreError) -> Work {
        let standard: [JSONMember] = [
            JSONMember(name: "user_id", value: .string("ann")), JSONMember(name: "name", value: .string("work")),
            JSONMember(name: "description", value: .string("")), JSONMember(name: "type", value: .string("BATCH")),
            JSONMember(name: "category", value: .string("FLINK_SQL")),
        ]
        let all = members + standard.filter { member in !members.contains { $0.name == member.name } }
        let creation = try await create(WorkDraft(all), once: nil)
        guard let id = WorkID(creation.id) else { throw .damaged }
        return try await work(id, includingDeleted: true).record.work
    }

    func patch(_ id: WorkID, _ members: [JSONMember]) async throws(StoreError) -> Work {
        try await patch(id, with: WorkPatch(members))
    }
}
