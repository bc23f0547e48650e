import JSON
import Loop
import Redis
import TestSupport
import Testing
import Works

@testable import Store

/// A purge that was begun and not finished: nothing can be read or restored, and anybody can finish it.
struct PurgeTests {
    private static let id = WorkID("w1") ?? .minted()

    @Test func aBegunPurgeHasRemovedTheWork() async throws {
        try await withBegunPurge { store in
            let (works, runs) = (await store.works(), await RunStore(store.connection))
            let task = RunID("t1") ?? .minted()
            let changes = [JSONMember(name: "status", value: .integer(1))]
            await expectNoWork { try await works.work(Self.id, includingDeleted: true) }
            await expectNoWork { try await works.patch(Self.id, changes) }
            await expectNoWork { try await works.delete(Self.id) }
            await expectNoWork { try await works.restore(Self.id) }
            await expectNoWork { try await runs.list(of: Self.id, statuses: [], from: .rank(0), limit: 10) }
            await expectNoWork { try await runs.run(task, of: Self.id) }
            await expectNoWork { try await runs.create(of: Self.id, RunDraft(changes), once: nil) }
            await expectNoWork { try await runs.patch(task, of: Self.id, with: RunPatch(changes)) }
            for order in [ListOrder.live(.createdDescending), .trash] {
                let page = try await works.list(Filter(), in: order, from: .rank(0), limit: 10)
                #expect(page.total == 0)
            }
            let exported = try await Export(of: store.connection).next()
            #expect(exported == nil)
        }
    }

    @Test func aBegunPurgeIsNoDifference() async throws {
        try await withBegunPurge { store in
            let verification = try await Verification(of: store.connection, mode: .report)
            try await verification.run { _, _ in }
            #expect(await verification.differences == [])
            #expect(await verification.workCount == 0)
            #expect(await verification.unfinishedPurgeCount == 1)
        }
    }

    @Test func theListOfBegunPurgesIsRepaired() async throws {
        try await withBegunPurge { store in
            try await store.run([["DEL", Keys.purging], ["ZADD", Keys.purging, "5", "stranger"]])
            for (mode, count) in [(Verification.Mode.report, 1), (.repair, 0), (.report, 0)] {
                let verification = try await Verification(of: store.connection, mode: mode)
                try await verification.run { _, _ in }
                #expect(await verification.differenceCount == count)
            }
            let finished = try await store.works().finishPurges()
            #expect(finished == 1)
            try await expectNothingLeft(store)
        }
    }

    @Test(arguments: [nil, 3]) func purgingAgainFinishes(version: Int?) async throws {
        try await withBegunPurge { store in
            let works = await store.works()
            await #expect(throws: StoreError.versionMismatch) { try await works.purge(Self.id, if: .oneOf([4])) }
            try await works.purge(Self.id, if: version.map { .oneOf([$0]) })
            try await expectNothingLeft(store)
            await expectNoWork { try await works.purge(Self.id) }
        }
    }

    @Test func purgingTheTrashFinishes() async throws {
        try await withBegunPurge { store in
            try await store.run([["ZADD", Keys.purging, "5", "stranger", "6", "no id"]])
            let purged = try await store.works().purge(deletedBefore: 1000) { _, _ in }
            #expect(purged == 1)
            try await store.run([["DEL", Keys.purging]])
            try await expectNothingLeft(store)
        }
    }

    /// Whoever is in the middle of it, when it was finished and the work imported again, leaves the new one alone.
    @Test func anImportFinishesAndThenCreates() async throws {
        try await withBegunPurge { store in
            try await load(1, version: 1, into: store)
            let works = await store.works()
            #expect(try await works.work(Self.id).version == 1)
            let progress = try await works.advancePurge(of: Self.id, hasBegun: true)
            #expect(progress == .finished)
            #expect(try await works.work(Self.id).version == 1)
            let page = try await RunStore(store.connection).list(of: Self.id, statuses: [], from: .rank(0), limit: 10)
            #expect(page.total == 1)
        }
    }

    /// One commit for a work with few tasks; a task that is added in between comes first.
    @Test func fewTasksGoWithTheirWork() async throws {
        try await withStore { store in
            try await load(200, into: store)
            let progress = try await store.works().advancePurge(of: Self.id, hasBegun: false)
            #expect(progress == .finished)
            try await expectNothingLeft(store)
        }
    }

    /// The works of a store are read some at a time, and their tasks later.
    @Test func anExportHasNoWorkWithAPartOfItsTasks() async throws {
        try await withStore { store in
            let works = await store.works()
            for _ in 0..<30 { _ = try await works.create([]) }
            try await load(3, into: store)
            let export = await Export(of: store.connection)
            var archive = try await export.next() ?? []
            try await works.purge(Self.id)
            while let bytes = try await export.next() { archive += bytes }
            let text = String(decoding: archive, as: UTF8.self)
            #expect(text.split(separator: "\n").count == 30)
            #expect(!text.contains(Self.id.text + "\""))
            #expect(await export.workCount == 30)
        }
    }

    @Test func damagedTasksAreRemoved() async throws {
        try await withStore { store in
            try await load(3, into: store)
            try await store.run([
                ["HDEL", Keys.runPrefix(Self.id) + "t1", "status"], ["DEL", Keys.runPrefix(Self.id) + "t2"],
                ["ZADD", Keys.runs(of: Self.id), "5", "not an id"],
            ])
            try await store.works().purge(Self.id)
            try await expectNothingLeft(store)
        }
    }

    /// Nobody but an operator can have put such names there.
    @Test func namesThatAreNotTextDoNotGoOnForEver() async throws {
        try await withStore { store in
            try await load(1, into: store)
            var command = Command("ZADD", Keys.runs(of: Self.id))
            for number in 0..<300 {
                command.append("0")
                command.append([0xFF, UInt8(number / 256), UInt8(number % 256)])
            }
            _ = try await store.redis.send(command)
            let works = await store.works()
            await #expect(throws: StoreError.silent) { try await works.purge(Self.id) }
            try await store.run([["DEL", Keys.runs(of: Self.id)]])
            try await works.purge(Self.id)
            try await store.expect("EXISTS", Keys.work(Self.id), says: "0")
        }
    }

    @Test func manyPurgersShareTheWork() async throws {
        try await withStore { store in
            try await load(1500, into: store)
            let stores = [await store.works(), await store.works(), await store.works()]
            let successes = try await withThrowingTaskGroup(of: Int.self) { group in
                for works in stores {
                    group.addTask {
                        do throws(StoreError) {
                            try await works.purge(Self.id)
                            return 1
                        } catch {
                            #expect(error == .noSuchWork(Self.id))
                            return 0
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(successes >= 1)
            try await expectNothingLeft(store)
        }
    }

    // MARK: The work

    /// Runs a test on a store in which a worker was killed after the first step of a purge.
    private func withBegunPurge(_ body: (StoreUnderTest) async throws -> Void) async throws {
        try await withStore { store in
            try await load(450, into: store)
            let progress = try await store.works().advancePurge(of: Self.id, hasBegun: false)
            #expect(progress == .begun(runsLeft: 450))
            try await body(store)
        }
    }

    /// Imports the work with tasks named `t0`, `t1` and so on.
    private func load(_ runCount: Int, version: Int = 3, into store: StoreUnderTest) async throws {
        let runs = (0..<runCount).map { number in
            #"{"task_id":"t\#(number)","status":\#(number % 8),"started_at":"2024-01-02T00:00:00Z"}"#
        }
        let line = """
            {"work_id":"\(Self.id)","user_id":"ann","name":"作业","description":null,"type":"BATCH",\
            "category":"FLINK_SQL","created_at":"2024-01-01T00:00:00Z","updated_at":"2024-01-01T00:00:00Z",\
            "version":\(version),"tasks":[\(runs.joined(separator: ","))]}
            """
        let importer = try await Import(into: store.connection) { line, reason in Issue.record("\(line): \(reason)") }
        let archived = try ArchivedWork(line: Array(line.utf8))
        let item = Import.Item(line: 1, byteCount: line.utf8.count, archived)
        try await importer.importBatch(try await importer.batch([item]))
        #expect(await importer.counts.runsCreated == runCount)
    }

    private func expectNoWork(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () async throws -> some Any
    ) async {
        await #expect(throws: StoreError.noSuchWork(Self.id), sourceLocation: sourceLocation) { _ = try await body() }
    }

    private func expectNothingLeft(
        _ store: StoreUnderTest,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let keys = try await store.redis.send(Command("KEYS", "*"))
        let names = Set((0..<keys.count).compactMap { keys[$0].string })
        #expect(names == [Keys.schema, Keys.sequence], sourceLocation: sourceLocation)
    }
}
