import JSON
import Redis
import Testing
import Works

@testable import Store

/// A work that goes out as Redis has it, beside the same work taken apart.
struct StoredWorkTests {
    private static let full: [Reply.Example] = [
        "l1", "ann", "订单 \"v2\"", "to\nClickHouse", "STREAMING", "FLNK_JAR", "3", "/data/a\\b", "org.example.Main",
        #"["-D","x y"]"#, "1.8", "hourly", "1638346414123", "1638346415999", "1638346416000", "7", "12", "{0}:i:ab",
    ]
    private static let least: [Reply.Example] = [
        nil, "ann", "n", nil, "BATCH", "FLINK_SQL", "0", nil, nil, nil, nil, nil, "-1", "0", nil, "1", "1", nil,
    ]

    @Test(arguments: [full, least])
    func goesOutLikeTheWorkTakenApart(values: [Reply.Example]) throws {
        let id = try #require(WorkID("w1"))
        let reply = Reply(testing: .array(values))
        let stored = try #require(StoredWork(id: id, values: reply))
        let work = try #require(WorkRecord(id: id, values: reply)).work
        #expect(json { stored.write(to: &$0) } == json { work.write(to: &$0) })
        #expect(stored.version == work.version)
        #expect(stored.createdAt == work.createdAt && stored.updatedAt == work.updatedAt)
        #expect(stored.deletedAt == work.deletedAt && stored.isDeleted == work.isDeleted)
    }

    @Test(arguments: full.indices)
    func isNoneExactlyWhereTheRecordIsNone(place: Int) throws {
        let id = try #require(WorkID("w1"))
        for wrong: Reply.Example in [nil, "", "x", 9] {
            var values = Self.full
            values[place] = wrong
            let reply = Reply(testing: .array(values))
            #expect((StoredWork(id: id, values: reply) == nil) == (WorkRecord(id: id, values: reply) == nil))
        }
    }

    @Test func isNoneOfTooFewValues() throws {
        let id = try #require(WorkID("w1"))
        #expect(StoredWork(id: id, values: Reply(testing: .array(Array(Self.full.dropLast())))) == nil)
        #expect(StoredWork(id: id, values: Reply(testing: nil)) == nil)
    }

    private func json(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
