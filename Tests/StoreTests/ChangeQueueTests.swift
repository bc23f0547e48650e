import Folding
import JSON
import Loop
import Redis
import StoreTestSupport
import TestSupport
import Testing
import Works

@testable import Store

/// Works that are created and changed at the same time by one worker.
struct ChangeQueueTests {
    @Test func storesNewWorksTogether() async throws {
        try await withStore { store in
            let before = await store.connection.counters.commands
            let created = try await create(60, in: store) { _ in nil }
            let commands = await store.connection.counters.commands - before
            #expect(Set(created.map(\.id)).count == 60)
            // One command asks for time and number of each; what is left are the commits.
            #expect((4...20).contains(commands - 60), "\(commands)")
            try await expectSound(store, works: 60)
        }
    }

    @Test func makesOneOfThoseWithTheSameKey() async throws {
        try await withStore { store in
            let key = try await store.connection.idempotencyKey("key", path: "/", body: [1])
            let created = try await create(60, in: store) { $0 % 3 == 0 ? key : nil }
            let ids = Dictionary(grouping: created.indices, by: { created[$0].id }).values.sorted {
                $0.count > $1.count
            }
            #expect(ids.count == 41)
            #expect(ids.first.map { $0.sorted() } == Array(stride(from: 0, to: 60, by: 3)))
            #expect(created.count { !$0.isReplay } == 41)
            try await expectSound(store, works: 41)
        }
    }

    /// Texts at their bounds do not share a commit, which would hold Redis up for too long.
    @Test func storesNotTooManyTogether() async throws {
        try await withStore { store in
            let text = String(String.UnicodeScalarView((0..<1500).compactMap { Unicode.Scalar(0x4E00 + $0) }))
            let before = await store.connection.counters.commands
            _ = try await create(8, in: store, description: text) { _ in nil }
            #expect(await store.connection.counters.commands - before - 8 >= 4)
            try await expectSound(store, works: 8)
        }
    }

    @Test func storesChangesTogether() async throws {
        try await withStore { store in
            let created = try await create(60, in: store, description: "旧的描述") { _ in nil }
            let works = await store.works()
            let before = await store.connection.counters.commands
            try await withThrowingTaskGroup(of: Void.self) { group in
                for one in created {
                    let id = try #require(WorkID(one.id))
                    group.addTask { try await Self.change(id, as: one.number, in: works) }
                }
                try await group.waitForAll()
            }
            // Two commands read the work and the time for each; what is left are the commits.
            let commands = await store.connection.counters.commands - before
            #expect((4...20).contains(commands - 2 * 60), "\(commands)")
            for one in created {
                let work = try await works.work(try #require(WorkID(one.id)), includingDeleted: true)
                #expect(work.version == 2 && work.isDeleted == (one.number % 4 == 3))
            }
            var filter = Filter()
            filter.name = .contains(FoldedText(folding: "新的名字"))
            #expect(
                try await works.search(filter, in: .live(.createdDescending), from: .rank(0), limit: 10).total == 15
            )
            try await expectSound(store, works: 45)
        }
    }

    /// A change that comes too late fails neither the others in its commit nor, in the end, itself; and however many
    /// wait to change one work, they hold up nobody else.
    @Test(arguments: [4, 60])
    func keepsAContendedWorkFromTheOthers(rivalCount: Int) async throws {
        try await withStore { store in
            let created = try await create(20, in: store) { _ in nil }
            let stores = [await store.works(), await store.works()]
            let contended = try #require(created.first.flatMap { WorkID($0.id) })
            let successes = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<rivalCount {
                    let name = JSONMember(name: "name", value: .string("第\(number)个名字"))
                    group.addTask {
                        do throws(StoreError) {
                            _ = try await stores[number % 2].patch(contended, [name])
                            return 1
                        } catch {
                            #expect(error == .contention && rivalCount > 4)
                            return 0
                        }
                    }
                }
                for one in created.dropFirst() {
                    let id = try #require(WorkID(one.id))
                    group.addTask {
                        _ = try await stores[0].patch(id, [JSONMember(name: "status", value: .integer(5))])
                        return 0
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(successes > 0)
            #expect(try await stores[0].work(contended).version == 1 + successes)
            for one in created.dropFirst() {
                #expect(try await stores[0].work(try #require(WorkID(one.id))).version == 2)
            }
            try await expectSound(store, works: 20)
        }
    }

    /// Nor do many large values share one, which Redis and the worker would have to hold together.
    @Test func storesNotTooManyBytesTogether() async throws {
        try await withStore { store in
            let created = try await create(8, in: store) { _ in nil }
            let works = await store.works()
            let argument = JSONValue.string(String(repeating: "x", count: 4096))
            let large = JSONMember(name: "extra_params", value: .array(Array(repeating: argument, count: 40)))
            let before = await store.connection.counters.commands
            try await withThrowingTaskGroup(of: Void.self) { group in
                for one in created {
                    let id = try #require(WorkID(one.id))
                    group.addTask { _ = try await works.patch(id, [large]) }
                }
                try await group.waitForAll()
            }
            #expect(await store.connection.counters.commands - before - 2 * 8 == 8)
            try await expectSound(store, works: 8)
        }
    }

    /// What cannot be written because of a damaged set leaves all of its commit unwritten, and then only itself.
    @Test func failsOnlyWhatMeetsADamagedSet() async throws {
        try await withStore { store in
            let created = try await create(20, in: store) { _ in nil }
            let works = await store.works()
            _ = try await store.redis.send(Command("SET", "{0}:u:u=damaged:s=0", "no sorted set"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for one in created {
                    let id = try #require(WorkID(one.id))
                    let user = one.number == 7 ? "damaged" : "other"
                    group.addTask {
                        do throws(StoreError) {
                            _ = try await works.patch(id, [JSONMember(name: "user_id", value: .string(user))])
                            #expect(one.number != 7)
                        } catch {
                            guard case .rejected(let words) = error else { throw error }
                            #expect(one.number == 7 && words.hasPrefix("WRONGTYPE "))
                        }
                    }
                }
                try await group.waitForAll()
            }
            for one in created {
                let work = try await works.work(try #require(WorkID(one.id)))
                #expect(work.version == (one.number == 7 ? 1 : 2))
            }
            _ = try await store.redis.send(Command("DEL", "{0}:u:u=damaged:s=0"))
            try await expectSound(store, works: 20)
        }
    }

    @LoopActor private static func change(_ id: WorkID, as number: Int, in works: WorkStore) async throws {
        switch number % 4 {
        case 0: _ = try await works.patch(id, [JSONMember(name: "status", value: .integer(1 + number % 7))])
        case 1: _ = try await works.patch(id, [JSONMember(name: "name", value: .string("新的名字 \(number)"))])
        case 2:
            let members = [
                JSONMember(name: "user_id", value: .string("user \(number)")),
                JSONMember(name: "run_frequency", value: .string("daily")),
                JSONMember(name: "description", value: .string("另一个描述")),
            ]
            _ = try await works.patch(id, members)
        default: try await works.delete(id)
        }
    }

    private struct Created {
        let number: Int
        let id: String
        let isReplay: Bool
    }

    private func create(
        _ count: Int,
        in store: StoreUnderTest,
        description: String = "",
        key: (Int) -> IdempotencyKey?
    ) async throws -> [Created] {
        let works = await store.works()
        return try await withThrowingTaskGroup(of: Created.self) { group in
            for number in 0..<count {
                let key = key(number)
                group.addTask { try await createOne(number, in: works, description: description, key) }
            }
            var created: [Created] = []
            for try await one in group { created.append(one) }
            return created.sorted { $0.number < $1.number }
        }
    }

    @LoopActor private func createOne(
        _ number: Int,
        in works: WorkStore,
        description: String,
        _ key: IdempotencyKey?
    ) async throws -> Created {
        let members = [
            JSONMember(name: "user_id", value: .string("user \(number % 3)")),
            JSONMember(name: "name", value: .string("作业 \(number)")),
            JSONMember(name: "description", value: .string(description)),
            JSONMember(name: "type", value: .string("BATCH")),
            JSONMember(name: "category", value: .string("FLINK_SQL")),
        ]
        let creation = try await works.create(WorkDraft(members), once: key)
        return Created(number: number, id: creation.id, isReplay: creation.isReplayed)
    }

    private func expectSound(_ store: StoreUnderTest, works: Int) async throws {
        let verification = try await Verification(of: store.connection, mode: .report)
        try await verification.run { _, _ in }
        #expect(await verification.differences == [])
        #expect(try await store.redis.send(Command("ZCARD", "{0}:c:")).integer == works)
    }
}
