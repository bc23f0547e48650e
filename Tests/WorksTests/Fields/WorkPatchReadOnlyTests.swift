import Testing
import Works

/// The fields that a patch may repeat but not change.
struct WorkPatchReadOnlyTests {
    /// The times of the sample in other zones and to other precisions.
    private static let same: [(name: String, json: String)] = [
        ("work_id", #""id-1""#), ("type", #""STREAMING""#), ("category", #""FLNK_JAR""#),
        ("created_at", #""2021-12-01T14:53:34Z""#), ("created_at", #""2021-12-01T22:53:34+08:00""#),
        ("created_at", #""2021-12-01T14:53:34.999999Z""#), ("created_at", #""20211201T145334Z""#),
        ("updated_at", #""2021-12-01T15:53:34Z""#), ("updated_at", #""2021-12-01T10:23:34.0-05:30""#),
    ]

    @Test(arguments: same)
    func mayBeSentAsTheyAre(name: String, json: String) throws {
        #expect(try Body([name: json]).applied(to: Work.sample) == .sample)
        #expect(try Body([name: json]).applied(to: Work.deleted) == .deleted)
        let patched = try Body([name: json, "status": "5"]).applied(to: Work.sample)
        #expect(patched == Work.sample.with { $0.status = .number(5) })
        #expect(patched.createdAt.milliseconds == Work.sample.createdAt.milliseconds)
        #expect(patched.updatedAt.milliseconds == Work.sample.updatedAt.milliseconds)
    }

    @Test(
        arguments: [
            ("work_id", [#""id-2""#, #""ID-1""#, #""id-1 ""#, "1"]),
            ("type", [#""BATCH""#, #""streaming""#, #""OTHER""#, "0"]),
            ("category", [#""FLINK_JAR""#, #""FLINK_SQL""#, #""flnk_jar""#, #""FLN\u212A_JAR""#, "1"]),
            ("created_at", [#""2021-12-01T14:53:35Z""#, #""2021-12-01T14:53:33.999Z""#, #""then""#, "1638370414"]),
            ("updated_at", [#""2021-12-01T14:53:34Z""#, #""2021-12-01T15:53:34""#, "1638374014", "{}"]),
        ] as [(String, [String])]
    )
    func areNotChangedNorCleared(name: String, others: [String]) {
        for json in others + ["null", #""""#, "[]", "true", #"["x"]"#] {
            #expect(throws: Refusal.readOnlyField(name), "\(json)") { try Body([name: json]).applied(to: Work.sample) }
        }
    }

    @Test func theTimeOfDeletionIsBlankOnALiveWork() throws {
        for blank in ["null", #""""#, "[]"] {
            #expect(try Body(["deleted_at": blank]).applied(to: Work.sample) == .sample, "\(blank)")
        }
        for json in [#""2021-12-01T16:52:34Z""#, now.quoted, #""x""#, "0", "false", "{}"] {
            #expect(throws: Refusal.readOnlyField("deleted_at"), "\(json)") {
                try Body(["deleted_at": json]).applied(to: Work.sample)
            }
        }
    }

    @Test func theTimeOfDeletionStaysOnADeletedWork() throws {
        for json in [#""2021-12-01T16:52:34Z""#, #""2021-12-02T00:52:34.5+08:00""#] {
            #expect(try Body(["deleted_at": json]).applied(to: Work.deleted) == .deleted, "\(json)")
        }
        for json in ["null", #""""#, "[]", #""2021-12-01T16:52:35Z""#] {
            #expect(throws: Refusal.readOnlyField("deleted_at"), "\(json)") {
                try Body(["deleted_at": json]).applied(to: Work.deleted)
            }
        }
    }

    @Test func theFirstInTheBodyIsNamed() {
        let body = Body(["category": "null", "type": "null"])
        #expect(throws: Refusal.readOnlyField("category")) { try body.applied(to: Work.sample) }
        #expect(throws: Refusal.readOnlyField("type")) { try body.reversed.applied(to: Work.sample) }
    }
}
