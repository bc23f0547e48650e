import Redis
import TestSupport
import Testing

@testable import Store

/// The commit script by itself: all of a change is applied or nothing, over single keys and over runs of them.
struct CommitTests {
    private static let (sorted, sets) = (["{0}:z1", "{0}:z2", "{0}:z3"], ["{0}:s1", "{0}:s2", "{0}:s3"])
    private static let hash = "{0}:h"

    /// Something of every kind of step.
    private static func everything() -> Commit {
        var commit = Commit()
        commit.requireAbsent(hash)
        commit.requireEmpty("{0}:none")
        commit.set([Field("a", "1"), Field("b", nil), Field("c", "3")], of: hash)
        commit.add(["7", "x", "8", "y"], toEach: sorted)
        commit.take(["y"], outOfEach: Array(sorted.dropFirst()))
        commit.post(.add, ["1", "2"], inEach: sets)
        commit.post(.remove, ["2"], inEach: [sets[0]])
        return commit
    }

    private func send(_ commit: Commit, to store: StoreUnderTest) async throws -> Commit.Outcome? {
        commit.outcome(try await store.redis.send(commit.command))
    }

    private func expect(_ store: StoreUnderTest, _ words: String..., says expected: String) async throws {
        let reply = try await store.redis.send(Command(words))
        #expect(reply.description == expected, "\(words)")
    }

    @Test func writesToEachKeyOfARun() async throws {
        try await withStore { store in
            let outcome = try await send(Self.everything(), to: store)
            #expect(outcome == .done)
            try await expect(store, "HGETALL", Self.hash, says: #"["a", "1", "c", "3"]"#)
            try await expect(store, "ZRANGE", Self.sorted[0], "0", "-1", "WITHSCORES", says: #"["x", "7", "y", "8"]"#)
            for key in Self.sorted.dropFirst() {
                try await expect(store, "ZRANGE", key, "0", "-1", "WITHSCORES", says: #"["x", "7"]"#)
            }
            try await expect(store, "SMEMBERS", Self.sets[0], says: #"["1"]"#)
            for key in Self.sets.dropFirst() { try await expect(store, "SMEMBERS", key, says: #"["1", "2"]"#) }
        }
    }

    @Test func changesNothingWhenACheckFails() async throws {
        try await withStore { store in
            _ = try await store.redis.send(Command("ZADD", "{0}:none", "1", "member"))
            let outcome = try await send(Self.everything(), to: store)
            #expect(outcome == .failed(check: "empty", key: "{0}:none"))
            try await expectUntouched(store)
        }
    }

    /// Wherever in a run the key is, and in whichever run.
    ///
    /// A set in the place of a sorted set is not noticed before the writes; no name is that of both.
    @Test(arguments: sorted + sets, [["SET", "v"], ["HSET", "f", "v"], ["RPUSH", "v"], ["ZADD", "1", "v"]])
    func changesNothingWhenAKeyIsOfAnotherType(key: String, filling: [String]) async throws {
        if filling[0] == "ZADD" && Self.sorted.contains(key) { return }
        try await withStore { store in
            _ = try await store.redis.send(Command([filling[0], key] + filling.dropFirst()))
            let error = await #expect(throws: RedisError.self) { try await send(Self.everything(), to: store) }
            #expect(error == .rejected(.misconfigured))
            try await expectUntouched(store, but: key)
        }
    }

    @Test func changesNothingWhenTheHashIsNone() async throws {
        try await withStore { store in
            _ = try await store.redis.send(Command("RPUSH", Self.hash, "v"))
            var commit = Commit()
            commit.set([Field("a", "1")], of: Self.hash)
            commit.add(["7", "x"], toEach: Self.sorted)
            let error = await #expect(throws: RedisError.self) { try await send(commit, to: store) }
            #expect(error == .rejected(.misconfigured))
            try await expectUntouched(store, but: Self.hash)
        }
    }

    /// After a step that is as it should be, which is not written either.
    @Test(arguments: [
        ("zadd", 3, 5, 2, "ERR malformed step zadd"), ("zadd", 0, 2, 2, "ERR malformed step zadd"),
        ("zadd", 4, 4, 2, "ERR malformed step zadd"), ("nonsense", 1, 3, 2, "ERR malformed step nonsense"),
        ("zadd", 1, 3, 4, "ERR step cut short: zadd"),
    ])
    func refusesARunThatIsNone(word: String, first: Int, last: Int, count: Int, sentence: String) async throws {
        try await withStore { store in
            var steps = MessagePack()
            for (word, first, last, count) in [("zadd", 1, 2, 2), (word, first, last, count)] {
                steps.append(word)
                for number in [first, last, count] { steps.append(number) }
                for text in ["7", "x"] { steps.append(text) }
            }
            var command = Command(["FCALL", Library.commit, "3"] + Self.sorted)
            command.append(steps.bytes)
            let sent = command
            let error = await #expect(throws: RedisError.self) { try await store.redis.send(sent) }
            guard case .rejected(.other(let found)) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(found.hasPrefix(sentence), "\(found)")
            try await expectUntouched(store)
        }
    }

    @Test func tellsWhichKeysOfARunLackSomething() async throws {
        try await withStore { store in
            var commit = Commit()
            commit.add(["7", "x"], toEach: Self.sorted)
            commit.post(.add, ["1"], inEach: Self.sets)
            _ = try await send(commit, to: store)
            try await expectLack(of: commit, in: store, "[]")
            _ = try await store.redis.send(Command("ZADD", Self.sorted[1], "9", "x"))
            _ = try await store.redis.send(Command("SREM", Self.sets[2], "1"))
            try await expectLack(of: commit, in: store, #"["zadd", 2, "sadd", 6]"#)
        }
    }

    private func expectLack(of commit: Commit, in store: StoreUnderTest, _ expected: String) async throws {
        let lack = try await store.redis.send(commit.lack)
        #expect(lack.description == expected)
    }

    private func expectUntouched(_ store: StoreUnderTest, but key: String? = nil) async throws {
        for other in [Self.hash] + Self.sorted + Self.sets where other != key {
            try await expect(store, "EXISTS", other, says: "0")
        }
    }
}
