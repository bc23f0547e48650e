import Redis
import TestSupport
import Testing

@testable import Store

/// `positions` by itself.
struct PositionsTests {
    private static let key = "{0}:z"

    /// Five members, three of them with the same score.
    @Test(arguments: [
        (false, 5, "c", "d5 e9"), (true, 5, "c", "b5 a-1"), (false, 5, "d", "e9"), (true, 5, "b", "a-1"),
        // Nothing is at the position any more.
        (false, 5, "bb", "c5 d5 e9"), (true, 5, "bb", "b5 a-1"), (false, 5, "", "b5 c5 d5 e9"), (true, 5, "", "a-1"),
        (false, 7, "x", "e9"), (true, 7, "x", "d5 c5 b5 a-1"), (false, 5, "z", "e9"), (true, 5, "z", "d5 c5 b5 a-1"),
        // The member has got another score meanwhile.
        (false, 7, "a", "e9"), (true, 0, "e", "a-1"), (false, 5, "a", "b5 c5 d5 e9"), (true, 5, "e", "d5 c5 b5 a-1"),
        // The ends.
        (false, -2, "", "a-1 b5 c5 d5 e9"), (true, -1, "a", ""), (false, 9, "e", ""), (true, 10, "", "e9 d5 c5 b5 a-1"),
    ])
    func areThoseAfterAPosition(descending: Bool, score: Int, member: String, expected: String) async throws {
        try await withStore { store in
            try await store.run([["ZADD", Self.key, "-1", "a", "5", "b", "5", "c", "5", "d", "9", "e"]])
            for limit in 1...6 {
                let found = try await positions(after: score, member, descending, limit: limit, in: store)
                #expect(found == Array(expected.split(separator: " ").map(String.init).prefix(limit)))
            }
        }
    }

    @Test func areNoneInASetThatDoesNotExist() async throws {
        try await withStore { store in
            let found = try await positions(after: 0, "", false, limit: 5, in: store)
            #expect(found == [])
        }
    }

    /// Members that differ late, in case, or beyond ASCII; half of the positions do not exist.
    @Test(arguments: [false, true])
    func areOrderedByTheBytesOfTheMembers(descending: Bool) async throws {
        let stems = [
            "", "a", "B", "aa", "é", "订", String(repeating: "x", count: 15), String(repeating: "x", count: 40),
        ]
        let members = stems.flatMap { stem in ["", "1", "a", "B", "é", "\u{1}"].map { stem + $0 } }
        let unique = Set(members).filter { !$0.isEmpty }
        try await withStore { store in
            let kept = unique.sorted().enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            try await store.run([["ZADD", Self.key] + kept.flatMap { ["3", $0] }])
            for member in unique {
                let after = kept.filter {
                    descending
                        ? $0.utf8.lexicographicallyPrecedes(member.utf8)
                        : member.utf8.lexicographicallyPrecedes($0.utf8)
                }
                let ordered = after.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) != descending }
                let found = try await positions(after: 3, member, descending, limit: 100, in: store)
                #expect(found == ordered.map { $0 + "3" }, "after \(member)")
            }
        }
    }

    private func positions(
        after score: Int,
        _ member: String,
        _ descending: Bool,
        limit: Int,
        in store: StoreUnderTest
    ) async throws -> [String] {
        var query = MessagePack()
        query.set("descending", to: descending)
        query.set("after_score", to: score)
        query.set("after_member", to: member)
        query.set("limit", to: limit)
        let reply = try await store.call(Library.positions, [Self.key], query)
        return stride(from: 0, to: reply.count, by: 2).map { (reply[$0].string ?? "?") + (reply[$0 + 1].string ?? "?") }
    }
}
