import Foundation
import TestSupport
import Testing

/// The operator's tool finds every difference between the hashes of a store and its indexes.
///
/// These tests mostly wait: the tool looks at a difference several times before it reports it.
@Suite(.waiting) struct DamagedStoreTests {
    @Test func findsAnEntryThatIsMissingOrWrongInAnyIndex() async throws {
        try await Stack.with(.oneWorker) { stack in
            try stack.worker(0).fillForVerification()
            let sets = try keys(stack, "zset")
            #expect(sets.count > 20)
            for set in sets.shuffled().prefix(6 + 2 * rounds) {
                let entry = try stack.redis.command("ZRANGE", set, "0", "0", "WITHSCORES").texts
                try stack.redis.command("ZREM", set, entry[0])
                try expectDifference(stack, "\(entry[0]) is missing from \(set)")
                try stack.redis.command("ZADD", set, "1", entry[0])
                try expectDifference(stack, "\(entry[0]) has the wrong time in \(set)")
                try stack.redis.command("ZADD", set, entry[1], entry[0])
                try stack.redis.command("ZADD", set, "5", "nobody")
                try expectDifference(stack, "nobody stands in \(set)")
                try stack.redis.command("ZREM", set, "nobody")
            }
            try stack.expectVerified()
        }
    }

    /// The keys of works, or of tasks, and how many the filled store has.
    @Test(arguments: [("{0}:w:", 6), ("{0}:t:", 12)])
    func findsAHashThatIsGoneOrChanged(prefix: String, count: Int) async throws {
        try await Stack.with(.oneWorker) { stack in
            try stack.worker(0).fillForVerification()
            let hashes = try keys(stack, "hash").filter { $0.hasPrefix(prefix) }
            #expect(hashes.count == count)
            try stack.redis.command("HSET", hashes[0], "status", "6")
            try expectDifference(stack, "another status in \(hashes[0])")
            try stack.redis.command("DEL", hashes[0])
            try expectDifference(stack, "\(hashes[0]) is gone")
        }
    }

    private func keys(_ stack: Stack, _ type: String) throws -> [String] {
        var found: [String] = []
        var cursor = "0"
        repeat {
            let reply = try stack.redis.command("SCAN", cursor, "COUNT", "1000", "TYPE", type)
            guard case .array(let parts) = reply, parts.count == 2, case .text(let next) = parts[0] else { break }
            found += parts[1].texts
            cursor = next
        } while cursor != "0"
        return found.sorted()
    }

    private func expectDifference(_ stack: Stack, _ what: String) throws {
        let (ending, output) = try stack.worksctl("verify")
        #expect(ending == .exited(1), "\(what)\n\(output)")
        #expect(!output.isEmpty, "\(what)")
    }
}

extension Client {
    /// Fills an empty store with tasks, live works and works in the trash.
    func fillForVerification() throws {
        for index in 0..<6 {
            let work = try create([
                "user_id": "u\(index % 2)", "status": .integer(index % 3),
                "run_frequency": index % 2 == 0 ? "once" : nil,
            ])
            for status in 0..<2 { _ = try createTask(of: work, ["status": .integer(status)]) }
            if index >= 4 { try delete(work) }
        }
    }
}
