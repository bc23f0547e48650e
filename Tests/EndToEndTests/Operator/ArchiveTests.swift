import Foundation
import TestSupport
import Testing

/// The operator's tool exports, imports, makes up, purges and reindexes works.
@Suite(.startingProcesses) struct ArchiveTests {
    @Test func anArchiveComesBackByteForByte() async throws {
        try await Stack.with(.oneWorker) { stack in
            let client = stack.worker(0)
            let created = try client.create(["name": "名 \"1\"", "description": "", "extra_params": ["a", "b c"]])
            for status in 0..<3 { _ = try client.createTask(of: created, ["status": .integer(status)]) }
            try client.patch(created, ["status": 3])
            let deleted = try client.create()
            try client.delete(deleted)
            let own = try stack.archive("own.ndjson")
            try stack.tool("generate --count 300 --seed 5 > made-up.ndjson")
            try stack.tool("import < made-up.ndjson")
            let first = try stack.archive("first.ndjson")
            #expect(first.hasPrefix(own))
            #expect(first.hasSuffix(try stack.text("made-up.ndjson")))
            try stack.expectVerified()
            try await Stack.with(.oneWorker) { other in
                _ = try other.directory.write("first.ndjson", first)
                #expect(try other.tool("import < first.ndjson").contains("imported: 302 works"))
                #expect(try other.archive("second.ndjson") == first)
                try other.expectVerified()
                let copy = try other.worker(0).work(created.path)
                #expect(copy.data == (try client.work(created.path)).data)
                #expect(copy.etag == "\"2\"")
                expectRefusal(404_102, try other.worker(0).call("GET", deleted.path))
                #expect(try other.worker(0).page(created.path + "/tasks").total == 3)
                let found = try other.worker(0).page("/api/v1/works/search?name=%E5%90%8D%20%221").ids
                #expect(found == [created.id])
            }
        }
    }

    @Test func anImportThatIsKilledCanBeRepeated() async throws {
        try await Stack.with(.oneWorker) { stack in
            var random = SeededRandom(71)
            try stack.tool("generate --count 3000 --seed 9 > works.ndjson")
            for _ in 0..<(2 * rounds) {
                let child = try stack.starting("import < works.ndjson")
                pause(.milliseconds(Int.random(in: 30...500, using: &random)))
                child.kill()
                try stack.expectVerified()
            }
            let output = try stack.tool("import < works.ndjson")
            #expect(output.contains(" 0 lines refused"), "\(output)")
            let again = try stack.tool("import < works.ndjson")
            #expect(again.contains("imported: 0 works, 0 tasks; 3000 works already existed"), "\(again)")
            try stack.expectVerified()
            let lines = try stack.archive("out.ndjson").split(separator: "\n").sorted()
            #expect(lines == (try stack.text("works.ndjson")).split(separator: "\n").sorted())
        }
    }

    @Test func refusedLinesAreReportedByNumber() async throws {
        try await Stack.with(.oneWorker) { stack in
            let times = #""created_at":"2024-01-01T00:00:00Z","updated_at":"2024-01-02T00:00:00Z""#
            let least = times + #","user_id":"u","name":"n","description":null,"type":"BATCH","category":"FLINK_SQL""#
            let run = #""task_id":"t","started_at":"2024-01-01T00:00:00Z","status":1"#
            let lines = [
                #"{"work_id":"w1",\#(least)}"#, "nonsense", #"{"work_id":"w 2",\#(least)}"#, #"{\#(least)}"#, "",
                #"{"work_id":"w3",\#(least),"version":0}"#,
                #"{"work_id":"w4",\#(least),"tasks":[{"started_at":"2024-01-01T00:00:00Z","status":1}]}"#,
                #"{"work_id":"w5",\#(least),"tasks":[{\#(run)},{\#(run)}]}"#,
                #"{"work_id":"w6",\#(least),"colour":1}"#, #"{"work_id":"w1",\#(least),"status":5}"#,
                #"{"work_id":"w7",\#(least),"version":4,"tasks":[{\#(run),"version":3}]}"#,
                #"{"work_id":"search",\#(least)}"#,
            ]
            _ = try stack.directory.write("bad.ndjson", lines.joined(separator: "\n"))
            let output = try stack.tool("import < bad.ndjson", ending: .exited(1))
            for number in [2, 3, 4, 6, 7, 8, 9, 10, 12] {
                #expect(output.contains("line \(number): "), "\(number)\n\(output)")
            }
            #expect(output.contains("imported: 2 works, 1 tasks; 0 works already existed; 9 lines refused"))
            #expect(try stack.worker(0).work("/api/v1/works/w7").etag == "\"4\"")
            #expect(try stack.worker(0).work("/api/v1/works/w1").data["status"] == 0)
            try stack.expectVerified()
        }
    }

    @Test func theTrashIsEmptiedByAge() async throws {
        try await Stack.with(.oneWorker) { stack in
            let client = stack.worker(0)
            let old = try client.create(["deleted_at": "2020-01-01T00:00:00Z"])
            let fresh = try client.create()
            let live = try client.create()
            try client.delete(fresh)
            #expect(try stack.tool("purge --older-than 30d").contains("purged: 1 works"))
            expectRefusal(404_101, try client.call("GET", old.path))
            expectRefusal(404_102, try client.call("GET", fresh.path))
            pause(.milliseconds(1100))
            #expect(try stack.tool("purge --older-than 0s").contains("purged: 1 works"))
            expectRefusal(404_101, try client.call("GET", fresh.path))
            _ = try client.work(live.path)
            try stack.expectVerified()
            for value in ["30", "d", "-1d", "1.5d", "99999999d", ""] {
                _ = try stack.tool("purge --older-than '\(value)'", ending: .exited(64))
            }
            _ = try stack.tool("purge", ending: .exited(64))
        }
    }

    @Test func everyIndexIsRebuiltWhileOthersWrite() async throws {
        try await Stack.with { stack in
            try stack.tool("generate --count 500 --seed 3 > works.ndjson")
            try stack.tool("import < works.ndjson")
            let before = try stack.archive("before.ndjson").split(separator: "\n").sorted()
            let patterns = ["{0}:p:*", "{0}:c:*", "{0}:u:*", "{0}:d:*", "{0}:n:*", "{0}:wt:*"]
            let keys = try patterns.flatMap { try stack.redis.command("KEYS", $0).texts }
            for key in keys { try stack.redis.command("DEL", key) }
            // The load never writes this one, for it belongs to a user of the imported works.
            let owned = try #require(keys.first { $0.hasPrefix("{0}:c:u=") })
            _ = try stack.tool("verify", ending: .exited(1))
            let load = Load(address: try stack.nginx.address, clients: 2, tolerance: .nothing)
            let clients = try await load.run {
                // Killed half-way and repeated, as an operator may.
                let child = try stack.starting("rebuild")
                try eventually("it writes") { try stack.redis.command("EXISTS", owned) == .integer(1) }
                child.kill()
                #expect(try stack.tool("rebuild").contains(" 0 differences"))
            }
            for client in clients { try client.expectKept(by: try stack.client) }
            try stack.expectVerified()
            let after = Set(try stack.archive("after.ndjson").split(separator: "\n"))
            #expect(before.allSatisfy(after.contains))
        }
    }

    @Test func theSameSeedMakesUpTheSameWorks() async throws {
        try await Stack.with(.oneWorker) { stack in
            for (name, seed) in [("a", 1), ("b", 1), ("c", 2)] {
                try stack.tool("generate --count 50 --seed \(seed) > \(name).ndjson")
            }
            #expect(try stack.text("a.ndjson") == (try stack.text("b.ndjson")))
            #expect(try stack.text("a.ndjson") != (try stack.text("c.ndjson")))
            #expect(try stack.text("a.ndjson").split(separator: "\n").count == 50)
            _ = try stack.tool("generate --count x", ending: .exited(64))
            _ = try stack.tool("generate --colour red", ending: .exited(64))
        }
    }
}
