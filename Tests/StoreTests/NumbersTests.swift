import JSON
import Loop
import Redis
import TestSupport
import Testing
import Works

@testable import Store

/// The counter of numbers may stand behind numbers in use: no number is given twice.
struct NumbersTests {
    /// What the counter becomes, beside 300 works numbered from 1.
    @Test(arguments: ["0", "1", "128", "255", "299", "-5", "-1000000"])
    func aCounterThatStandsBackIsRaised(counter: String) async throws {
        try await withStore { store in
            try await load(300, into: store)
            try await store.run([["SET", Keys.sequence, counter]])
            let works = await store.works()
            for _ in 0..<3 { _ = try await works.create([]) }
            try await expectSound(store, works: 303)
            let number = try await store.redis.send(Command("GET", Keys.sequence)).integer ?? 0
            #expect(number > 300)
        }
    }

    @Test(arguments: ["4503599627370496", "9223372036854775806", "9223372036854775807", "junk"])
    func aCounterThatCannotBeIsRefused(counter: String) async throws {
        try await withStore { store in
            try await store.run([["SET", Keys.sequence, counter]])
            let works = await store.works()
            let error = await #expect(throws: StoreError.self) { try await works.create([]) }
            switch error {
            case .damaged, .rejected: break
            default: Issue.record("\(String(describing: error))")
            }
            #expect(try await store.redis.send(Command("DBSIZE")).integer == 2)
        }
    }

    /// Whoever comes first to a gap, the works after it keep their numbers.
    @Test func numbersBehindAGapStayWhereTheyAre() async throws {
        try await withStore { store in
            try await load(1, into: store)
            try await store.run([["SET", Keys.sequence, "255"]])
            try await load(1, from: 1, into: store)
            try await store.run([["SET", Keys.sequence, "0"]])
            let works = await store.works()
            for _ in 0..<200 { _ = try await works.create([]) }
            try await expectSound(store, works: 202)
        }
    }

    @Test func anImportDrawsNumbersThatAreFree() async throws {
        try await withStore { store in
            try await load(300, into: store)
            try await store.run([["SET", Keys.sequence, "0"]])
            try await load(300, from: 300, into: store)
            try await expectSound(store, works: 600)
        }
    }

    /// As when the counter of another primary has taken over after the number was drawn.
    @Test func aCommitRefusesANumberThatIsTaken() async throws {
        try await withStore { store in
            let work = try await store.works().create([])
            var another = work
            another = Work(
                id: .minted(),
                userID: "bob",
                name: "another",
                description: "",
                type: work.type,
                category: work.category,
                createdAt: work.createdAt,
                updatedAt: work.updatedAt
            )
            let change = WorkChange(creating: WorkRecord(work: another, sequence: 1))
            let commit = WorkChange.commit(of: [change], secret: try await store.connection.secret())
            let outcome = try await store.connection.apply(commit)
            #expect(outcome == .failed(.field, key: Keys.ids(1)))
            #expect(change.conflicts(on: Keys.ids(1)))
            try await expectSound(store, works: 1)
        }
    }

    @Test func theFunctionDrawsAndReadsTheTime() async throws {
        try await withStore { store in
            try await store.run([["SET", Keys.sequence, "40"]])
            let (numbers, now) = try await store.connection.draw(3)
            #expect(numbers == 41..<44)
            #expect(abs(now.seconds - (try await store.connection.now()).seconds) < 60)
            try await store.expect("GET", Keys.sequence, says: "\"43\"")
        }
    }

    /// Imports works named `w0`, `w1` and so on.
    private func load(_ count: Int, from first: Int = 0, into store: StoreUnderTest) async throws {
        let importer = try await Import(into: store.connection) { line, reason in Issue.record("\(line): \(reason)") }
        let items = try (first..<first + count).map { number in
            let line = """
                {"work_id":"w\(number)","user_id":"ann","name":"n","description":null,"type":"BATCH",\
                "category":"FLINK_SQL","created_at":"2024-01-01T00:00:00Z","updated_at":"2024-01-01T00:00:00Z"}
                """
            return Import.Item(line: number, byteCount: 1, try ArchivedWork(line: Array(line.utf8)))
        }
        try await importer.importBatch(try await importer.batch(items))
    }

    private func expectSound(
        _ store: StoreUnderTest,
        works: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let verification = try await Verification(of: store.connection, mode: .report)
        try await verification.run { _, _ in }
        #expect(await verification.differences == [], sourceLocation: sourceLocation)
        #expect(await verification.workCount == works, sourceLocation: sourceLocation)
    }
}
