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
    let storage: Storage
    let redis: RedisConnection

    func works(_ limits: SearchLimits = SearchLimits()) async -> WorkStore {
        await WorkStore(storage, limits: limits)
    }
}

/// Runs `body` with a prepared store.
func withStore(_ body: (StoreUnderTest) async throws -> Void) async throws {
    let address = try TestRedis.newDatabase()
    try await TestRedis.install(address)
    let storage = await Storage(address, limits: TestRedis.patience)
    let redis = await RedisConnection(to: address, limits: TestRedis.patience) { _ throws(RedisError) in }
    await redis.start()
    try await until("the store is usable") {
        let isUsable = await storage.isUsable
        return await redis.isUsable && isUsable
    }
    do {
        try await body(StoreUnderTest(storage: storage, redis: redis))
    } catch {
        await redis.close()
        await storage.close()
        throw error
    }
    await redis.close()
    await storage.close()
}

extension WorkStore {
    /// Creates a work of these members, and the rest as it is for all.
    func create(_ members: [JSONMember]) async throws(Failure) -> Work {
        let standard: [JSONMember] = [
            JSONMember(name: "user_id", value: .string("ann")), JSONMember(name: "name", value: .string("work")),
            JSONMember(name: "description", value: .string("")), JSONMember(name: "type", value: .string("BATCH")),
            JSONMember(name: "category", value: .string("FLINK_SQL")),
        ]
        let all = members + standard.filter { member in !members.contains { $0.name == member.name } }
        let creation = try await create({ () throws(Failure) in try WorkDraft(all) }, once: nil)
        guard case .created(let work) = creation else { throw .internalError }
        return work
    }

    func patch(_ id: WorkID, _ members: [JSONMember]) async throws(Failure) -> Work {
        try await patch(id, with: WorkPatch(members))
    }
}
