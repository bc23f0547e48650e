import Redis
import TestSupport
import Testing

@testable import Store

/// `commit` by itself: a change is applied completely or not at all, to single keys and to runs of them.
struct CommitTests {
    private static let (sorted, sets) = (["{0}:z1", "{0}:z2", "{0}:z3"], ["{0}:s1", "{0}:s2", "{0}:s3"])
    private static let hash = "{0}:h"

    /// A change with many kinds of steps.
    private static func everything() -> Commit {
        var commit = Commit()
        commit.requireAbsent(hash)
        commit.requireSize(0, of: "{0}:none")
        commit.set([Field("a", "1"), Field("b", nil), Field("c", "3")], of: hash)
        commit.add(["7", "x", "8", "y"], toEach: sorted)
        commit.remove(["y"], fromEach: Array(sorted.dropFirst()))
        commit.post(.add, ["1", "2"], inEach: sets)
        commit.post(.remove, ["2"], inEach: [sets[0]])
        return commit
    }

    private func send(_ commit: Commit, to store: StoreUnderTest) async throws -> Commit.Outcome? {
        commit.outcome(try await store.send(commit))
    }

    @Test func writesToEachKeyOfARun() async throws {
        try await withStore { store in
            let outcome = try await send(Self.everything(), to: store)
            #expect(outcome == .done)
            try await store.expect("HGETALL", Self.hash, says: #"["a", "1", "c", "3"]"#)
            try await store.expect("ZRANGE", Self.sorted[0], "0", "-1", "WITHSCORES", says: #"["x", "7", "y", "8"]"#)
            for key in Self.sorted.dropFirst() {
                try await store.expect("ZRANGE", key, "0", "-1", "WITHSCORES", says: #"["x", "7"]"#)
            }
            try await store.expect("SMEMBERS", Self.sets[0], says: #"["1"]"#)
            for key in Self.sets.dropFirst() { try await store.expect("SMEMBERS", key, says: #"["1", "2"]"#) }
        }
    }

    @Test func changesNothingWhenACheckFails() async throws {
        try await withStore { store in
            _ = try await store.redis.send(Command("ZADD", "{0}:none", "1", "member"))
            let outcome = try await send(Self.everything(), to: store)
            #expect(outcome == .failed(.size, key: "{0}:none"))
            try await expectUntouched(store)
        }
    }

    /// Wherever the key is in a run, and in whichever run.
    ///
    /// A set where a sorted set should be is not noticed before the writes; no key is ever meant to be either.
    @Test(arguments: sorted + sets, [["SET", "v"], ["HSET", "f", "v"], ["RPUSH", "v"], ["ZADD", "1", "v"]])
    func changesNothingWhenAKeyIsOfAnotherType(key: String, filling: [String]) async throws {
        if filling[0] == "ZADD" && Self.sorted.contains(key) { return }
        try await withStore { store in
            _ = try await store.redis.send(Command([filling[0], key] + filling.dropFirst()))
            let error = await #expect(throws: RedisError.self) { try await send(Self.everything(), to: store) }
            #expect(error?.kind == .misconfigured)
            try await expectUntouched(store, but: key)
        }
    }

    @Test func changesNothingWhenTheHashIsNotOne() async throws {
        try await withStore { store in
            _ = try await store.redis.send(Command("RPUSH", Self.hash, "v"))
            var commit = Commit()
            commit.set([Field("a", "1")], of: Self.hash)
            commit.add(["7", "x"], toEach: Self.sorted)
            let error = await #expect(throws: RedisError.self) { try await send(commit, to: store) }
            #expect(error?.kind == .misconfigured)
            try await expectUntouched(store, but: Self.hash)
        }
    }

    /// The step before it is well-formed, and is not written either.
    @Test(arguments: [
        ("zadd", 3, 5, 2, "ERR malformed step zadd"), ("zadd", 0, 2, 2, "ERR malformed step zadd"),
        ("zadd", 4, 4, 2, "ERR malformed step zadd"), ("nonsense", 1, 3, 2, "ERR malformed step nonsense"),
        ("zadd", 1, 3, 4, "ERR step cut short: zadd"),
    ])
    func refusesAMalformedStep(word: String, first: Int, last: Int, count: Int, sentence: String) async throws {
        try await withStore { store in
            var steps = MessagePack()
            for (word, first, last, count) in [("zadd", 1, 2, 2), (word, first, last, count)] {
                steps.append(word)
                for number in [first, last, count] { steps.append(number) }
                for text in ["7", "x"] { steps.append(text) }
            }
            var query = MessagePack()
            query.set("marker", to: MessagePack())
            query.set("nowhere", to: Keys.nowhere)
            query.set("steps", to: steps)
            let found = await store.rejection(Library.commit, Self.sorted, argument: query.map)
            #expect(found.hasPrefix(sentence), "\(found)")
            try await expectUntouched(store)
        }
    }

    @Test(arguments: [
        ([], Commit.Outcome.failed(.has, key: hash)), (["version", "1"], .done),
        (["version", "1", "deleted_at", "5"], .failed(.lacks, key: hash)), (["other", "1"], .failed(.has, key: hash)),
    ])
    func requiresThatAWorkIsLive(fields: [String], expected: Commit.Outcome) async throws {
        try await withStore { store in
            if !fields.isEmpty { try await store.run([["HSET", Self.hash] + fields]) }
            var commit = Commit()
            commit.requireLive(Self.hash)
            commit.set([Field("a", "1")], of: Self.hash)
            let outcome = try await send(commit, to: store)
            #expect(outcome == expected)
            try await store.expect("HEXISTS", Self.hash, "a", says: expected == .done ? "1" : "0")
        }
    }

    @Test(arguments: ["1", "2"])
    func removesAHashOnlyIfItsFieldHasTheValue(value: String) async throws {
        try await withStore { store in
            try await store.run([["HSET", Self.hash, "version", "1"], ["SADD", Self.sets[0], "m"]])
            var commit = Commit(onlyFrees: true)
            commit.remove(Self.hash, ifIts: "version", is: value)
            commit.remove(Self.sets[0])
            let outcome = try await send(commit, to: store)
            #expect(outcome == .done)
            try await store.expect("EXISTS", Self.hash, says: value == "1" ? "0" : "1")
            try await store.expect("EXISTS", Self.sets[0], says: "0")
        }
    }

    @Test func readsTheReply() {
        var commit = Commit()
        commit.requireAbsent("{0}:a")
        commit.requireVersion(3, of: Self.hash)
        for (reply, expected) in [
            ("done", Commit.Outcome.done), ("absent 1", .failed(.absent, key: "{0}:a")),
            ("field 2", .failed(.field, key: Self.hash)), ("field 3", nil), ("field 0", nil), ("field", nil),
            ("nonsense 1", nil), ("", nil), ("field 1 2", nil),
        ] {
            #expect(commit.outcome(Reply(testing: .text(reply))) == expected, "\(reply)")
        }
    }

    @Test func setsAnExpiry() async throws {
        try await withStore { store in
            var commit = Commit()
            commit.set([Field("a", "1")], of: Self.hash)
            commit.expire(Self.hash, after: .seconds(100))
            let outcome = try await send(commit, to: store)
            #expect(outcome == .done)
            let life = try await store.redis.send(Command("TTL", Self.hash)).integer
            #expect((60...100).contains(life ?? 0))
        }
    }

    private func expectUntouched(_ store: StoreUnderTest, but key: String? = nil) async throws {
        for other in [Self.hash] + Self.sorted + Self.sets where other != key {
            try await store.expect("EXISTS", other, says: "0")
        }
    }
}
