import Redis
import Testing

@testable import Store

/// `missing` by itself: what of a commit is not in effect.
struct MissingTests {
    private static let (hash, set, other) = ("{0}:h", "{0}:s", "{0}:o")
    private static let sorted = ["{0}:z1", "{0}:z2", "{0}:z3"]

    @Test func findsNothingMissingAfterTheCommit() async throws {
        try await withStore { store in
            let commit = Self.everything()
            #expect(commit.outcome(try await store.send(commit)) == .done)
            try await expectMissing(of: commit, in: store, "[]")
        }
    }

    @Test func reportsARunKeyByKey() async throws {
        try await withStore { store in
            try await expectMissing(
                of: Self.everything(),
                in: store,
                #"["hset", 1, "zadd", 2, "zadd", 3, "zadd", 4, "sadd", 5]"#
            )
        }
    }

    /// Each kind of step, and what makes it missing after the commit.
    @Test(arguments: [
        (["HSET", hash, "b", "1"], #"["hdel", 1]"#), (["HSET", hash, "c", "2"], #"["hset", 1]"#),
        (["HDEL", hash, "a"], #"["hset", 1]"#), (["ZADD", "{0}:z2", "9", "y"], #"["zadd", 3]"#),
        (["ZREM", "{0}:z3", "x"], #"["zadd", 4]"#), (["SREM", set, "2"], #"["sadd", 5]"#),
    ])
    func findsWhatIsMissing(change: [String], expected: String) async throws {
        try await withStore { store in
            let commit = Self.everything()
            _ = try await store.send(commit)
            try await store.run([change])
            try await expectMissing(of: commit, in: store, expected)
        }
    }

    @Test func findsWhichChecksFail() async throws {
        try await withStore { store in
            try await store.run([["HSET", Self.hash, "version", "1"], ["ZADD", Self.sorted[0], "1", "x"]])
            var commit = Commit()
            commit.requireAbsent(Self.hash)
            commit.requirePresent(Self.hash)
            commit.requireVersion(1, of: Self.hash)
            commit.requireVersion(2, of: Self.hash)
            commit.requireLive(Self.hash)
            commit.requireSize(1, of: Self.sorted[0])
            commit.requireSize(2, of: Self.sorted[0])
            commit.requireLive(Self.other)
            commit.requirePresent(Self.other)
            commit.requireAbsent(Self.other)
            try await expectMissing(
                of: commit,
                in: store,
                #"["absent", 1, "field", 1, "size", 2, "has", 3, "present", 3]"#
            )
        }
    }

    @Test func countsAKeyOfAnotherTypeAsMissingEverything() async throws {
        try await withStore { store in
            try await store.run([[Self.hash, Self.set, Self.sorted[1]].flatMap { [$0, "v"] }].map { ["MSET"] + $0 })
            try await expectMissing(
                of: Self.everything(),
                in: store,
                #"["hset", 1, "hdel", 1, "zadd", 2, "zadd", 3, "zadd", 4, "sadd", 5]"#
            )
        }
    }

    @Test func refusesStepsThatCannotBeLookedFor() async throws {
        try await withStore { store in
            var commit = Commit()
            commit.remove(["x"], fromEach: Self.sorted)
            let error = await #expect(throws: RedisError.self) { try await store.redis.send(commit.missing) }
            guard case .rejected(.other(let sentence)) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(sentence.hasPrefix("ERR no step to look for: zrem"), "\(sentence)")
        }
    }

    private static func everything() -> Commit {
        var commit = Commit()
        commit.set([Field("a", "1"), Field("b", nil), Field("c", "3")], of: hash)
        commit.add(["7", "x", "8", "y"], toEach: sorted)
        commit.post(.add, ["1", "2"], inEach: [set])
        return commit
    }

    private func expectMissing(
        of commit: Commit,
        in store: StoreUnderTest,
        _ expected: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await store.redis.send(commit.missing)
        #expect(found.description == expected, sourceLocation: sourceLocation)
    }
}
