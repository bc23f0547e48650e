import Folding
import JSON
import Loop
import Redis
import StoreTestSupport
import TestSupport
import Testing
import Works

@testable import Store

/// Random works, random changes and random queries in between, each held against a look at every work.
struct SearchModelTests {
    /// Steps of every size, so that a search is cut and goes on at every kind of place; bounds that are met.
    private static let limits: [SearchLimits] = [
        SearchLimits(), SearchLimits(effortPerStep: 1, countedMax: 10, gatheredMax: 5),
        SearchLimits(effortPerStep: 40, countedMax: 3, gatheredMax: 0),
        SearchLimits(effortPerStep: 300, denseMin: 500, denseMinIfAll: 500, countedMax: 20, gatheredMax: 30),
    ]

    @Test(arguments: 0..<8) func findsWhatALookAtEveryWorkFinds(seed: Int) async throws {
        try await withStore { store in
            var world = World(seed: UInt64(seed), store: store)
            for _ in 0..<60 { try await world.create() }
            for round in 0..<2600 {
                if round % 4 == 0 { try await world.change() }
                let query = world.query()
                let limits = Self.limits[round % Self.limits.count]
                let problem = try await world.problem(with: query, limits)
                if let problem { Issue.record("seed \(seed), round \(round), \(limits): \(query): \(problem)") }
                if problem != nil { return }
            }
        }
    }

    /// Thousands of matches in a block are found another way than a few.
    @Test func findsManyMatches() async throws {
        try await withStore { store in
            var world = World(seed: 99, store: store)
            for number in 0..<2400 {
                try await world.create([
                    JSONMember(name: "name", value: .string("作业 \(number % 3 == 0 ? "甲" : "乙") job")),
                    JSONMember(name: "status", value: .integer(number % 8)),
                ])
            }
            for work in world.model.works where work.status.number == 3 {
                try await world.delete(work.id)
            }
            for round in 0..<80 {
                var query = Query()
                query.filter.name = .contains(FoldedText(folding: ["作业", "甲", "乙 job", "业 甲 j", "o"][round % 5]))
                if round % 3 == 0 { query.filter.statuses = [1, 2, 5].compactMap { Status($0) } }
                if round % 7 == 0 { query.filter.statuses = (0...7).compactMap { Status($0) } }
                if round % 2 == 0 { query.order = .trash }
                if round % 4 == 1 {
                    query.filter.name = .exactly("作业 甲 job")
                    query.order = .live(.createdDescending)
                }
                let limits = Self.limits[round / 5 % Self.limits.count]
                let problem = try await world.problem(with: query, limits, limit: [1, 10, 700, 1000][round / 20 % 4])
                if let problem { Issue.record("round \(round), \(limits): \(query): \(problem)") }
            }
        }
    }

    /// All matches are at the far end of the order, where a walk would come last: it is given up in time.
    @Test func findsMatchesThatStandTogether() async throws {
        try await withStore { store in
            var world = World(seed: 7, store: store)
            for number in 0..<3000 {
                try await world.create([
                    JSONMember(name: "name", value: .string(number < 200 ? "old" : "new")),
                    JSONMember(name: "created_at", value: .string("2024-01-01T00:\(number / 600 + 10):00Z")),
                ])
            }
            // What is gathered is read by a command for each, which tells it from a walk of six calls to the far end.
            for (order, commands) in [(Order.createdDescending, 12..<20), (.createdAscending, 3..<6)] {
                var query = Query()
                query.filter.name = .exactly("old")
                query.order = .live(order)
                let before = await store.connection.counters.commands
                _ = try await store.works().list(query.filter, in: .live(order), from: .rank(0), limit: 10)
                #expect(commands.contains(await store.connection.counters.commands - before))
                #expect(try await world.problem(with: query, SearchLimits(), limit: 10) == nil)
            }
        }
    }
}
