import Redis
import TestSupport
import Testing

@testable import Store

/// `search` by itself, on sets made by hand.
struct SearchFunctionTests {
    private typealias Query = SearchFixture.Query

    private static let terms: [String: @Sendable (Int) -> Bool] = [
        "all": { _ in true }, "even": { $0 % 2 == 0 }, "third": { $0 % 3 == 0 }, "odd": { $0 % 2 == 1 },
        "live": { $0 % 5 != 0 }, "trash": { $0 % 5 == 0 }, "rare": { $0 == 17 }, "none": { _ in false },
    ]

    private static let alternatives: [[[String]]] = [
        [["all"]], [["even"]], [["third", "even"]], [["rare", "all"]], [["none"]], [["even"], ["odd"]],
        [["third", "even"], ["rare", "odd"], ["none", "odd"]], [["third", "live"]], [["third", "even", "live"]],
    ]

    /// Sizes that are not those of the layout, so that they can only come from the query.
    @Test(arguments: [(8, 3), (1, 1), (64, 128), (32_768, 128), (100_000, 7)])
    func findsMatchesInBlocksOfAnySize(blockSize: Int, idsPerHash: Int) async throws {
        try await withStore { store in
            var fixture = SearchFixture(numbers: Array(1...60), terms: Self.terms)
            fixture.blockSize = blockSize
            fixture.idsPerHash = idsPerHash
            try await fixture.fill(store)
            for alternatives in Self.alternatives {
                try await expectAsExpected(Query(alternatives: alternatives), fixture, in: store)
            }
        }
    }

    /// Each way to look at the matches, with everything that can end a page.
    @Test(arguments: [1, 20, 1 << 20], [nil, "1"])
    func pagesThroughTheMatches(denseMin: Int, part: String?) async throws {
        try await withStore { store in
            let fixture = SearchFixture(numbers: Array(1...60), terms: Self.terms)
            try await fixture.fill(store)
            for alternatives in Self.alternatives {
                for (skip, limit) in [(0, 1), (0, 7), (3, 4), (11, 5), (30, 40), (59, 1), (100, 3), (2, 0)] {
                    for pageBelow in [nil, 61, 40, 33, 1, 0] {
                        var query = Query(alternatives: alternatives, pageBelow: pageBelow, skip: skip, limit: limit)
                        query.denseMin = denseMin
                        query.part = part
                        try await expectAsExpected(query, fixture, in: store)
                    }
                }
            }
        }
    }

    /// However little a call may do, the calls together find the same.
    @Test(arguments: [1, 10, 60], [(1, 1 << 20), (1, 12), (1 << 20, 1 << 20), (1 << 20, 1)])
    func continuesWhereACallHasDoneEnough(effort: Int, bounds: (denseMin: Int, bytes: Int)) async throws {
        try await withStore { store in
            // Far more numbers than one call looks at in any case.
            var fixture = SearchFixture(numbers: Array(1...700), terms: Self.terms)
            fixture.blockSize = 256
            try await fixture.fill(store)
            for alternatives in Self.alternatives {
                for (skip, countMax, pageBelow, part) in [
                    (0, 1000, nil, nil), (150, 20, nil, nil), (4, 0, 400, nil), (100, 1000, 500, nil),
                    (0, 1000, nil, "7"), (10, 30, 650, "7"),
                ] {
                    var query = Query(alternatives: alternatives, pageBelow: pageBelow, skip: skip, limit: 15)
                    (query.countMax, query.part) = (countMax, part)
                    (query.effort, query.denseMin, query.bytes) = (effort, bounds.denseMin, bounds.bytes)
                    let calls = try await expectAsExpected(query, fixture, in: store)
                    if alternatives == [["all"]], effort == 1, skip >= 100 { #expect(calls > 1) }
                }
            }
        }
    }

    @Test func countsWithoutReturningAnything() async throws {
        try await withStore { store in
            let fixture = SearchFixture(numbers: Array(1...60), terms: Self.terms)
            try await fixture.fill(store)
            for part in [nil, "1"] {
                for countMax in [0, 1, 7, 1000] {
                    var query = Query(alternatives: [["even"]], limit: nil, countMax: countMax)
                    query.part = part
                    try await expectAsExpected(query, fixture, in: store)
                }
            }
        }
    }

    /// Whole blocks are counted by the complement alone: nothing asks for the set of the last term.
    @Test func countsAndPassesOverBlocksByTheComplement() async throws {
        try await withStore { store in
            let fixture = SearchFixture(numbers: Array(1...60), terms: Self.terms)
            try await fixture.fill(store)
            var query = Query(alternatives: [["even", "live"]], complement: "trash", limit: nil)
            let expected = try await expectAsExpected(query, fixture, in: store)
            #expect(expected == 1)
            // All blocks but the lowest two lose it: numbers from 16 on, 18 of which match.
            for block in 2...7 { try await store.run([["DEL", fixture.key("live", block: block)]]) }
            try await expectAsExpected(query, fixture, in: store)
            (query.limit, query.skip) = (2, 18)
            try await expectAsExpected(query, fixture, in: store)
            query.complement = nil
            let (found, _) = try await fixture.search(query, in: store)
            #expect(found.counted == 6 && found.numbers == [])
        }
    }

    /// Between the matches are more numbers than are probed before the rest is listed.
    @Test(arguments: [1, 1 << 20])
    func findsMatchesBeyondAGap(denseMin: Int) async throws {
        try await withStore { store in
            var fixture = SearchFixture(numbers: Array(1...20) + Array(4000...4010), terms: Self.terms)
            fixture.blockSize = 8192
            try await fixture.fill(store)
            for effort in [1, 100_000] {
                var query = Query(alternatives: [["even"], ["odd", "third"]], limit: 12)
                (query.denseMin, query.effort) = (denseMin, effort)
                try await expectAsExpected(query, fixture, in: store)
            }
        }
    }

    /// It counts by its terms, but cannot be returned.
    @Test func passesOverANumberWithoutAnID() async throws {
        try await withStore { store in
            let fixture = SearchFixture(numbers: Array(1...20), terms: Self.terms)
            try await fixture.fill(store)
            try await store.run([["HDEL", "{0}:id:6", "0"]])
            var query = Query(alternatives: [["even"]], limit: 3)
            let exact = try await fixture.search(query, in: store).found
            #expect(exact.numbers == [20, 16, 14] && exact.counted == 10)
            query.part = "name"
            let examined = try await fixture.search(query, in: store).found
            #expect(examined.numbers == [20, 16, 14] && examined.counted == 9)
        }
    }

    @Test func findsNothingInAnEmptyStore() async throws {
        try await withStore { store in
            let fixture = SearchFixture(numbers: [], terms: Self.terms)
            try await expectAsExpected(Query(alternatives: [["all"]]), fixture, in: store)
        }
    }

    /// Returns the number of calls.
    @discardableResult private func expectAsExpected(
        _ query: SearchFixture.Query,
        _ fixture: SearchFixture,
        in store: StoreUnderTest,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Int {
        let (found, calls) = try await fixture.search(query, in: store)
        #expect(found == fixture.expected(query), "\(query)", sourceLocation: sourceLocation)
        return calls
    }
}
