import JSON
import Loop
import Redis
import StoreTestSupport
import TestSupport
import Testing
import Works

@testable import Store

/// Every difference between hashes and indexes is found, and repaired from the hashes.
struct VerificationTests {
    @Test func findsNothingInASoundStore() async throws {
        try await withWorld(works: 80) { world in
            let verification = try await verify(world.store)
            #expect(await verification.differences == [])
            #expect(await verification.workCount == world.model.works.count)
            #expect(await verification.runCount == 40)
            #expect(try await verify(world.store, .repair).repairedCount == 0)
        }
    }

    @Test(arguments: 0..<24) func findsAndRepairsAnyDamage(seed: Int) async throws {
        try await withWorld(works: 12, seed: UInt64(seed)) { world in
            var random = SeededRandom(UInt64(seed) &+ 77)
            let damage = try await damage(world.store, &random)
            let before = try await verify(world.store)
            #expect(await before.differenceCount > 0, "\(damage)")
            let repair = try await verify(world.store, .repair)
            #expect(await repair.repairedCount > 0, "\(damage)")
            #expect(await repair.differences == [], "\(damage)")
            #expect(try await verify(world.store).differences == [], "\(damage)")
        }
    }

    @Test func rebuildsEverythingFromTheHashes() async throws {
        try await withWorld(works: 80, seed: 3) { world in
            for key in try await keys(world.store) where !key.hasPrefix("{0}:w:") && !key.hasPrefix("{0}:t:") {
                if key == Keys.schema || key == Keys.sequence { continue }
                _ = try await world.store.redis.send(Command("DEL", key))
            }
            #expect(try await verify(world.store).differenceCount > 1000)
            #expect(try await verify(world.store, .repair).differences == [])
            #expect(try await verify(world.store).differences == [])
            for _ in 0..<100 {
                let query = world.query()
                #expect(try await world.problem(with: query, SearchLimits()) == nil, "\(query)")
            }
        }
    }

    /// Damage is repaired while works change; changes are neither harmed nor reported as damage.
    @Test func repairsDuringWrites() async throws {
        try await withWorld(works: 60, seed: 4) { world in
            let store = world.store
            let key = try #require(try await keys(store).first { $0.hasPrefix(Keys.postingPrefix) })
            _ = try await store.redis.send(Command("DEL", key))
            let repair = Task {
                var left: [String] = []
                for _ in 0..<5 { left += try await verify(store, .repair).differences }
                return left
            }
            for _ in 0..<400 { try await world.change() }
            #expect(try await repair.value == [])
            #expect(try await verify(store).differences == [])
            for _ in 0..<100 {
                let query = world.query()
                #expect(try await world.problem(with: query, SearchLimits()) == nil, "\(query)")
            }
        }
    }

    /// Members that are not numbers of the block, or not in canonical form, beside valid ones that they resemble.
    @Test func removesWhatOnlyLooksLikeANumber() async throws {
        try await withWorld(works: 3) { world in
            let store = world.store
            let posting = try #require(try await keys(store).first { $0.hasPrefix(Keys.postingPrefix + "l:") })
            let ids = try #require(try await keys(store).first { $0.hasPrefix(Keys.idsPrefix) })
            let number = try #require(try await store.redis.send(Command("SRANDMEMBER", posting)).integer)
            let field = try #require(try await store.redis.send(Command("HKEYS", ids))[0].integer)
            let members = [String(number + Keys.blockSize), "+\(number)", "0\(number)", "-1", "abc", ""]
            let fields = [String(field + Keys.idsPerHash), "+\(field)", "x"]
            let before = try await store.redis.send([Command("SCARD", posting), Command("HLEN", ids)])
            _ = try await store.redis.send(
                members.map { Command("SADD", posting, $0) } + fields.map { Command("HSET", ids, $0, "w1") }
            )
            #expect(try await verify(store).differences.count == members.count + fields.count)
            #expect(try await verify(store, .repair).differences == [])
            #expect(try await verify(store).differences == [])
            let after = try await store.redis.send([Command("SCARD", posting), Command("HLEN", ids)])
            #expect(after.map(\.integer) == before.map(\.integer))
        }
    }

    @Test func reportsWhatItCannotRepair() async throws {
        try await withWorld(works: 3) { world in
            let id = try #require(world.model.works.first?.id)
            _ = try await world.store.redis.send([
                Command("HSET", Keys.work(id), "status", "9"), Command("SET", "{0}:what", "x"),
                Command("HSET", "{0}:t:nobody:t1", "status", "1", "started_at", "0", "version", "1"),
            ])
            for mode in [Verification.Mode.report, .repair] {
                let differences = try await verify(world.store, mode).differences
                #expect(differences.contains("\(Keys.work(id)): unreadable hash"))
                #expect(differences.contains("{0}:what: unknown key"))
                #expect(differences.contains("{0}:t:nobody:t1: its work does not exist"))
            }
        }
    }

    /// Keys that nobody can have written, and keys of another type than theirs.
    @Test func reportsKeysThatDoNotBelongThere() async throws {
        try await withWorld(works: 3) { world in
            let store = world.store
            let id = try #require(world.model.works.first?.id)
            let number = try await store.redis.send(Command("HGET", Keys.work(id), "seq")).integer ?? 0
            try await store.run([
                ["HSET", "{0}:n:999999999999999999", "1", "w1"], ["SADD", "{0}:p:l:9223372036854775807", "1"],
                ["SET", "{0}:c:u=x", "no set"], ["SET", "{0}:p:x:0", "no set"], ["SET", "{0}:n:7", "no hash"],
                ["SET", "{0}:w:x", "no hash"], ["SET", "{0}:purging", "no set"],
                ["SADD", "{0}:wt:w1", "no sorted set"],
                ["DEL", Keys.ids(number)], ["SET", Keys.ids(number), "no hash"],
            ])
            for mode in [Verification.Mode.report, .repair] {
                let differences = try await verify(store, mode).differences
                for key in ["{0}:n:999999999999999999", "{0}:p:l:9223372036854775807"] {
                    #expect(differences.contains("\(key): unknown key"))
                }
                for key in ["{0}:c:u=x", "{0}:p:x:0", "{0}:n:7", "{0}:purging", "{0}:wt:w1", Keys.ids(number)] {
                    #expect(differences.contains("\(key): wrong type"), "\(key)")
                }
                #expect(differences.contains("{0}:w:x: unreadable hash"))
            }
            try await store.run([["DEL", Keys.ids(number)]])
            #expect(try await verify(store, .repair).repairedCount > 0)
        }
    }

    /// Hashes whose numbers are far from anything that the service writes.
    @Test(arguments: [
        ["seq", "-5"], ["seq", "9223372036854775807"], ["version", "0"], ["version", "9223372036854775807"],
        ["version", "-9223372036854775808"],
    ])
    func reportsNumbersThatCannotBe(fields: [String]) async throws {
        try await withWorld(works: 3) { world in
            let id = try #require(world.model.works.first?.id)
            try await world.store.run([["HSET", Keys.work(id)] + fields])
            #expect(try await verify(world.store).differences.contains("\(Keys.work(id)): unreadable hash"))
            let works = await world.store.works()
            await #expect(throws: StoreError.damaged) { try await works.delete(id) }
        }
    }

    @Test(arguments: ["0", "-9223372036854775808", "junk"]) func raisesTheCounterOfNumbers(value: String) async throws {
        try await withWorld(works: 5) { world in
            let store = world.store
            let last = try await store.redis.send(Command("GET", Keys.sequence)).integer ?? 0
            try await store.run([["SET", Keys.sequence, value]])
            let sentence = "{0}:seq: lower than \(last), the number of a work"
            #expect(try await verify(store).differences == [sentence])
            #expect(try await verify(store, .repair).differences == (value == "0" ? [] : [sentence]))
            if value == "0" { try await store.expect("GET", Keys.sequence, says: "\"\(last)\"") }
        }
    }

    // MARK: The store of a test

    private func withWorld(works: Int, seed: UInt64 = 1, _ body: (inout World) async throws -> Void) async throws {
        try await withStore { store in
            var world = World(seed: seed, store: store)
            for _ in 0..<works { try await world.create() }
            let runs = await RunStore(store.connection)
            for work in world.model.works.filter({ !$0.isDeleted }).prefix(works == 80 ? 20 : 2) {
                for status in [1, 3] {
                    let members = [JSONMember(name: "status", value: .integer(status))]
                    _ = try await runs.create(of: work.id, RunDraft(members), once: nil)
                }
            }
            try await body(&world)
        }
    }

    private func verify(_ store: StoreUnderTest, _ mode: Verification.Mode = .report) async throws -> Verification {
        let verification = try await Verification(of: store.connection, mode: mode)
        try await verification.run { _, _ in }
        return verification
    }

    private func keys(_ store: StoreUnderTest) async throws -> [String] {
        let reply = try await store.redis.send(Command("KEYS", "*"))
        return (0..<reply.count).compactMap { reply[$0].string }.sorted()
    }

    /// Removes a member of some set, or adds a stray one, or deletes the whole set, or changes a hash.
    private func damage(_ store: StoreUnderTest, _ random: inout SeededRandom) async throws -> String {
        let kinds = [Keys.postingPrefix, Keys.idsPrefix, "{0}:c:", "{0}:u:", "{0}:d:", "{0}:wt:", "{0}:w:"]
        let all = try await keys(store)
        let prefix = random.pick(kinds.filter { kind in all.contains { $0.hasPrefix(kind) } })
        let key = random.pick(all.filter { $0.hasPrefix(prefix) })
        let command: Command
        switch (prefix, Int.random(in: 0..<3, using: &random)) {
        case ("{0}:w:", 0):
            // Not one with tasks: nothing can bring back their work.
            let idle = all.filter { $0.hasPrefix(prefix) && !all.contains("{0}:wt:" + $0.dropFirst(prefix.count)) }
            command = Command("DEL", random.pick(idle))
        case ("{0}:w:", 1): command = Command("HSET", key, "name_folded", "else")
        case ("{0}:w:", _): command = Command("HSET", key, "user_id", "else", "name", "else")
        case (_, 0): command = Command("DEL", key)
        case (Keys.postingPrefix, 1): command = Command("SADD", key, "32767")
        case (Keys.idsPrefix, 1): command = Command("HSET", key, "127", "stranger")
        case (_, 1): command = Command("ZADD", key, "5", "stranger")
        case (Keys.postingPrefix, _): command = Command("SPOP", key)
        case (Keys.idsPrefix, _):
            let fields = try await store.redis.send(Command("HKEYS", key))
            command = Command("HSET", key, fields[0].string ?? "", "stranger")
        default:
            let members = try await store.redis.send(Command("ZRANGE", key, "0", "0"))
            command = Command("ZADD", key, "7", members[0].string ?? "")
        }
        _ = try await store.redis.send(command)
        return "\(command)"
    }
}
