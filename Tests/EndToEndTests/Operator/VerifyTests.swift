import Foundation
import TestSupport
import Testing

/// The operator's tool prepares a store, and finds every difference between its hashes and its indexes.
@Suite(.startingProcesses) struct VerifyTests {
    /// Fills a store with tasks, live works and works in the trash.
    private func fill(_ client: Client) throws {
        for index in 0..<6 {
            let work = try client.create([
                "user_id": "u\(index % 2)", "status": .integer(index % 3),
                "run_frequency": index % 2 == 0 ? "once" : nil,
            ])
            for status in 0..<2 { _ = try client.createTask(of: work, ["status": .integer(status)]) }
            if index >= 4 { try client.delete(work) }
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

    @Test func findsNothingWrongInASoundStore() async throws {
        try await Stack.with { stack in
            try stack.expectVerified()
            try fill(try stack.client)
            try stack.expectVerified()
        }
    }

    @Test func findsAnEntryThatIsMissingOrWrongInAnyIndex() async throws {
        var options = Stack.Options()
        options.workers = 1
        options.hasNginx = false
        try await Stack.with(options) { stack in
            try fill(stack.worker(0))
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

    @Test func findsAHashThatIsGoneOrChanged() async throws {
        var options = Stack.Options()
        options.workers = 1
        options.hasNginx = false
        try await Stack.with(options) { stack in
            try fill(stack.worker(0))
            let works = try keys(stack, "hash").filter { $0.hasPrefix("{0}:w:") }
            let tasks = try keys(stack, "hash").filter { $0.hasPrefix("{0}:t:") }
            #expect(works.count == 6)
            #expect(tasks.count == 12)
            for hash in [works[0], tasks[0]] {
                try stack.redis.command("HSET", hash, "status", "6")
                try expectDifference(stack, "another status in \(hash)")
                let fields = try stack.redis.command("HGETALL", hash).texts
                #expect(!fields.isEmpty)
                try stack.redis.command("DEL", hash)
                try expectDifference(stack, "\(hash) is gone")
            }
        }
    }

    private func expectDifference(_ stack: Stack, _ what: String) throws {
        let (ending, output) = try stack.worksctl("verify")
        #expect(ending == .exited(1), "\(what)\n\(output)")
        #expect(!output.isEmpty, "\(what)")
    }

    @Test func findsNothingWrongWhileOthersWrite() async throws {
        try await Stack.with { stack in
            let load = Load(address: try stack.nginx.address, clients: 4, tolerance: .nothing)
            let clients = try await load.run {
                for _ in 0..<rounds { try stack.expectVerified() }
            }
            for client in clients { try client.expectKept(by: try stack.client) }
        }
    }

    @Test func showsItsProgressOnATerminal() async throws {
        var options = Stack.Options()
        options.workers = 1
        options.hasNginx = false
        try await Stack.with(options) { stack in
            try fill(stack.worker(0))
            let url = Deployment.redisURL("worksadmin", Deployment.operatorPassword, at: stack.redis.socket)
            // script(1) runs a command on a terminal of its own and writes down what appears there.
            let words = ["-q", "-e", "-c", "\(try Tools.built("worksctl")) verify", "/dev/null"]
            let settings = ["WORKS_REDIS_URL": url, "TERM": "xterm"]
            let log = stack.directory.file("terminal")
            let terminal = try Child("script", try Tools.system("script"), words, environment: settings, log: log)
            #expect(try terminal.wait() == .exited(0))
            let output = terminal.output()
            #expect(output.firstMatch(of: #/\rverify \[#*\.*\] \d+% \d+\/\d+ keys, \d+\/s/#) != nil, "\(output)")
            let last = try #require(output.components(separatedBy: "\r\u{1B}[K").last)
            #expect(last.hasPrefix("6 works, 12 tasks, "), "the bar is gone before the result: \(output)")
            #expect(try stack.worksctl("verify").output.hasPrefix("6 works, "), "no bar without a terminal")
        }
    }

    @Test func canPrepareAStoreAgain() async throws {
        try await Stack.with { stack in
            let client = try stack.client
            for _ in 0..<3 { _ = try client.create(["user_id": "u"]) }
            let next = try #require(try client.page("/api/v1/works?limit=1&user_id=u").next)
            try stack.install()
            #expect(try client.page(next).ids.count == 1, "cursors stay valid")
            #expect(try client.page("/api/v1/works").total == 3)
        }
    }

    @Test func refusesAStoreThatIsNotPrepared() async throws {
        var options = Stack.Options()
        options.workers = 1
        options.hasNginx = false
        options.isInstalled = false
        try await Stack.with(options) { stack in
            let (ending, output) = try stack.worksctl("verify")
            #expect(ending != .exited(0), "\(output)")
        }
    }
}
