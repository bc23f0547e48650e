import Redis
import TestSupport
import Testing
import Works

@testable import Store

/// `page` by itself.
struct PageFunctionTests {
    private static let keys = ["{0}:z1", "{0}:z2", "{0}:z3"]
    private static let prefix = "{0}:x:"
    /// The members of the three sets, in order.
    private static let all = ["a1", "b1", "c2", "d2", "e2", "f3", "g4", "h4", "i9"]

    /// The sets, and a hash for each member but the last; every second one is named `Even`.
    private func fill(_ store: StoreUnderTest) async throws {
        for (index, member) in Self.all.enumerated() {
            let (id, score) = (String(member.prefix(1)), String(member.suffix(1)))
            try await store.run([["ZADD", Self.keys[index % 3], score, id]])
            if index == Self.all.count - 1 { continue }
            let name = index % 2 == 0 ? ["name", "Even", "name_folded", "even"] : ["name", "odd"]
            try await store.run([["HSET", Self.prefix + id, "size", score] + name])
        }
    }

    @Test(arguments: [false, true])
    func goesThroughTheUnionInOrder(descending: Bool) async throws {
        let order = descending ? Array(Self.all.reversed()) : Self.all
        try await withStore { store in
            try await fill(store)
            for skip in 0...10 {
                for limit in 1...10 {
                    let page = try await page(skip: skip, limit: limit, descending: descending, in: store)
                    let expected = Array(order.dropFirst(skip).prefix(limit))
                    #expect(page.items.map { $0[2].string ?? "" } == expected.map { String($0.prefix(1)) })
                    #expect(page.total == 9 && page.skipped == min(skip, 9))
                    #expect(page.hasMore == (skip + limit < 9), "\(skip) and \(limit)")
                    let last = order.prefix(skip + limit).last
                    #expect(page.last.map { "\($0.id)\($0.score)" } == last)
                }
            }
        }
    }

    @Test func returnsTheFieldsAndTheID() async throws {
        try await withStore { store in
            try await fill(store)
            let page = try await page(skip: 7, limit: 2, in: store)
            #expect(page.items.map(\.description) == [#"["4", "odd", "h"]"#, #"[null, null, "i"]"#])
        }
    }

    @Test(arguments: [
        (false, "c", 2, "defghi"), (true, "d", 2, "cba"), (false, "f", 2, "fghi"), (true, "zz", 4, "hgfedcba"),
    ])
    func startsAfterAPosition(descending: Bool, member: String, score: Int, expected: String) async throws {
        try await withStore { store in
            try await fill(store)
            for skip in 0...expected.count {
                let after = Position(score: score, id: member)
                let page = try await page(after: after, skip: skip, descending: descending, in: store)
                #expect(page.ids == String(expected.dropFirst(skip)) && !page.hasMore)
            }
        }
    }

    /// In one set without conditions, items are passed over by rank.
    @Test func passesOverItemsOfOneSetByRank() async throws {
        try await withStore { store in
            try await fill(store)
            for (skip, expected, skipped) in [(0, "adg", 0), (2, "g", 2), (3, "", 3), (5, "", 3)] {
                let page = try await page(of: [Self.keys[0]], skip: skip, effort: 12, in: store)
                #expect(page.ids == expected && page.skipped == skipped && page.total == 3)
            }
            let after = try await page(of: [Self.keys[0]], after: Position(score: 1, id: "a"), skip: 1, in: store)
            #expect(after.ids == "g" && after.skipped == 1)
        }
    }

    /// However little a call may do, the calls together do the same.
    @Test(arguments: [1, 8, 12, 20, 400])
    func continuesWhereACallHasDoneEnough(effort: Int) async throws {
        try await withStore { store in
            try await fill(store)
            for (skip, limit) in [(0, 9), (4, 3), (2, 20)] {
                for conditions in [[], Self.contains("ev")] {
                    var (ids, skipped, after, calls) = ("", 0, Position?.none, 0)
                    var page: PageReply
                    repeat {
                        page = try await self.page(
                            after: after,
                            skip: skip - skipped,
                            limit: limit - ids.count,
                            effort: effort,
                            conditions: conditions,
                            in: store
                        )
                        ids += page.ids
                        skipped += page.skipped
                        after = page.last ?? after
                        calls += 1
                    } while page.hasMore && ids.count < limit
                    let all = conditions.isEmpty ? "abcdefghi" : "aceg"
                    #expect(ids == String(all.dropFirst(skip).prefix(limit)), "\(skip) and \(limit)")
                    #expect(calls > 1 || effort > 8)
                }
            }
        }
    }

    @Test func returnsOneItemWhateverItsSizeAndThenNoMoreThanFit() async throws {
        try await withStore { store in
            try await fill(store)
            // An item has five bytes or four, the size and the name.
            for (bytes, expected) in [(1, "a"), (5, "a"), (6, "ab"), (9, "ab"), (10, "abc"), (1000, "abcdefghi")] {
                let page = try await page(limit: 20, bytes: bytes, in: store)
                #expect(page.ids == expected && page.hasMore == (expected.count < 9), "with \(bytes)")
            }
        }
    }

    @Test func returnsOnlyWhatMeetsTheConditions() async throws {
        try await withStore { store in
            try await fill(store)
            let cases: [([SearchPlan.Condition], String)] = [
                (Self.equals("Even"), "aceg"), (Self.equals("even"), ""), (Self.equals("odd"), "bdfh"),
                (Self.contains("ven"), "aceg"), (Self.contains("Even"), ""), (Self.contains("d"), "bdfh"),
                (Self.contains("%"), ""), (Self.contains("e") + Self.equals("Even"), "aceg"),
                (Self.contains("d") + Self.equals("Even"), ""),
            ]
            for (conditions, expected) in cases {
                for keys in [Self.keys, [Self.keys[0]]] {
                    let expected = keys.count == 3 ? expected : expected.filter { "adg".contains($0) }
                    for skip in 0...2 {
                        let page = try await page(of: keys, skip: skip, conditions: conditions, in: store)
                        #expect(page.ids == String(expected.dropFirst(skip)), "\(conditions)")
                        #expect(page.skipped == min(skip, expected.count) && page.total == 3 * keys.count)
                    }
                }
            }
        }
    }

    @Test func onlyCountsWithALimitOfNone() async throws {
        try await withStore { store in
            try await fill(store)
            let page = try await page(limit: 0, in: store)
            #expect(page.total == 9 && page.itemCount == 0 && page.last == nil && !page.hasMore)
            let none = try await self.page(of: ["{0}:none"], in: store)
            #expect(none.total == 0 && none.itemCount == 0 && none.last == nil && !none.hasMore)
        }
    }

    private static func equals(_ text: String) -> [SearchPlan.Condition] {
        [SearchPlan.Condition(kind: .equals, field: .name, text: text)]
    }

    private static func contains(_ text: String) -> [SearchPlan.Condition] {
        [SearchPlan.Condition(kind: .contains, field: .name, text: text)]
    }

    private func page(
        of keys: [String] = keys,
        after: Position? = nil,
        skip: Int = 0,
        limit: Int = 10,
        descending: Bool = false,
        effort: Int = 1000,
        bytes: Int = 1 << 20,
        conditions: [SearchPlan.Condition] = [],
        in store: StoreUnderTest
    ) async throws -> PageReply {
        var query = MessagePack()
        query.set("descending", to: descending)
        query.set("after_score", to: after?.score)
        query.set("after_member", to: after?.id)
        query.set("skip", to: skip)
        query.set("limit", to: limit)
        query.set("effort", to: effort)
        query.set("bytes", to: bytes)
        query.set("item_prefix", to: Self.prefix)
        query.set("conditions", to: MessagePack(conditions))
        query.set("fields", to: MessagePack(["size", "name"]))
        return try #require(PageReply(try await store.call(Library.page, keys, query)))
    }
}

extension PageReply {
    fileprivate var ids: String {
        items.map { $0[$0.count - 1].string ?? "?" }.joined()
    }
}
