import Folding
import Redis
import TestSupport
import Testing

@testable import Store

/// How much one call looks at when the texts are as long as folding makes them: 33 bytes of one character.
struct StepCostTests {
    private static let largest = FoldedText(folding: "x" + String(repeating: "ﷺ", count: 4095)).text
    private static let part = FoldedText(folding: String(repeating: "ﷺ", count: 2000) + "x").text
    private static let count = 40

    /// Of a text of 135 kB, `search` charges a quarter of a millisecond's effort and more; however little it may do, it
    /// looks at one.
    @Test(arguments: [(1, 40...41), (400, 20...41), (2000, 5...9)])
    func aSearchLooksAtFewLargeTexts(effort: Int, calls: ClosedRange<Int>) async throws {
        try await withStore { store in
            var fixture = SearchFixture(numbers: Array(1...Self.count), terms: ["all": { _ in true }])
            fixture.blockSize = 64
            try await fixture.fill(store)
            for number in 1...Self.count {
                try await store.run([["HSET", "{0}:item:w\(number)", "name_folded", Self.largest]])
            }
            var query = SearchFixture.Query(alternatives: [["all"]])
            (query.part, query.effort) = (Self.part, effort)
            let (found, made) = try await fixture.search(query, in: store)
            #expect(found.counted == 0 && calls.contains(made), "\(made) calls")
        }
    }

    @Test(arguments: [(1, 40...40), (400, 20...40), (2000, 5...9)])
    func aWalkLooksAtFewLargeTexts(effort: Int, calls: ClosedRange<Int>) async throws {
        try await withStore { store in
            for number in 1...Self.count {
                let id = String(number)
                try await store.run([
                    ["ZADD", "{0}:z", "1", id], ["HSET", "{0}:item:" + id, "name_folded", Self.largest],
                ])
            }
            let condition = SearchPlan.Condition(kind: .contains, field: .name, text: Self.part)
            var query = PageQuery(
                ["{0}:z"],
                isDescending: false,
                from: .rank(0),
                limit: 10,
                itemPrefix: "{0}:item:",
                fields: MessagePack(["name"]),
                conditions: [condition]
            )
            var made = 0
            var hasMore = true
            while hasMore && made <= Self.count {
                let reply = try #require(PageReply(try await store.redis.send(query.command(effort: effort))))
                #expect(reply.itemCount == 0)
                query.advance(past: reply)
                hasMore = reply.hasMore
                made += 1
            }
            #expect(calls.contains(made), "\(made) calls")
        }
    }
}
