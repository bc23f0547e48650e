import JSON
import Loop
import Redis
import StoreTestSupport
import TestSupport
import Testing
import Works

@testable import Store

/// A store that becomes another one while a worker is connected: the worker writes nothing into it.
struct MarkerTests {
    enum Write: CaseIterable {
        case create, patch, delete, restore, purge, createTask
    }

    /// What happens to the marker, and what is tried afterwards.
    @Test(
        arguments: [
            ["HSET", Keys.schema, "version", "2"], ["HDEL", Keys.schema, "instance"], ["DEL", Keys.schema], ["FLUSHDB"],
        ],
        Write.allCases
    )
    func nothingIsWrittenIntoAnotherStore(event: [String], write: Write) async throws {
        try await withStore { store in
            let works = await store.works()
            let (live, trashed) = (try await works.create([]).id, try await works.create([]).id)
            try await works.delete(trashed)
            try await store.run([event])
            let before = try await contents(of: store)
            let error = await #expect(throws: StoreError.self) {
                let status = [JSONMember(name: "status", value: .integer(3))]
                switch write {
                case .create: _ = try await works.create([])
                case .patch: _ = try await works.patch(live, status)
                case .delete: try await works.delete(live)
                case .restore: _ = try await works.restore(trashed)
                case .purge: try await works.purge(live)
                case .createTask:
                    _ = try await RunStore(store.connection).create(of: live, RunDraft(status), once: nil)
                }
            }
            // A work that cannot be read any more is not even tried to be changed.
            let isGone = event == ["FLUSHDB"] && [.noSuchWork(live), .noSuchWork(trashed)].contains(error)
            #expect(error == .unreachable || isGone)
            #expect(try await contents(of: store) == before)
        }
    }

    /// The worker may use the other one, but only once it has found out about it.
    @Test func anotherStoreMustBeAdmittedFirst() async throws {
        try await withStore { store in
            let works = await store.works()
            let id = try await works.create([]).id
            try await store.run([["HSET", Keys.schema, "instance", "another"]])
            let before = try await contents(of: store)
            let change = [JSONMember(name: "status", value: .integer(3))]
            await #expect(throws: StoreError.unreachable) { try await works.patch(id, change) }
            #expect(try await contents(of: store) == before)
            try await until("it is used again") { await store.connection.isUsable }
            let work = try await works.patch(id, change)
            #expect(work.version == 2)
        }
    }

    @Test func aStoreInstalledAnewIsUsedWithItsOwnSecret() async throws {
        try await withStore { store in
            let works = await store.works()
            _ = try await works.create([])
            try await store.run([["FLUSHDB"]])
            let unfitness = try await Installation.run(on: store.redis)
            #expect(unfitness == nil)
            try await until("a work is created") { (try? await works.create([])) != nil }
            var filter = Filter()
            filter.name = .exactly("work")
            let page = try await works.list(filter, in: .live(.createdDescending), from: .rank(0), limit: 10)
            #expect(page.total == 1)
            let verification = try await Verification(of: store.connection, mode: .report)
            try await verification.run { _, _ in }
            #expect(await verification.differences == [])
        }
    }

    @Test func installKeepsTheInstance() async throws {
        try await withStore { store in
            let unfitness = try await Installation.run(on: store.redis)
            #expect(unfitness == nil)
            try await store.expect("HGET", Keys.schema, "instance", says: "\"\(TestRedis.instance)\"")
            _ = try await store.works().create([])
        }
    }

    /// All keys with their values.
    private func contents(of store: StoreUnderTest) async throws -> [String: String] {
        let keys = try await store.redis.send(Command("KEYS", "*"))
        let names = (0..<keys.count).compactMap { keys[$0].string }
        let values = try await store.redis.send(names.map { Command("DUMP", $0) })
        return Dictionary(uniqueKeysWithValues: zip(names, values.map { $0.string ?? "" }))
    }
}
