import JSON
import Testing
import Works

/// What a body must hold to create a run, which refusal comes first, and what comes out.
struct RunDraftTests {
    private static let settable = ["task_id", "status", "started_at", "ended_at"]

    @Test func needsAStatus() {
        let refusal = Refusal.field("status", .required(.status))
        #expect(throws: refusal) { try Body([:]).run() }
        for blank in ["null", #""""#, "[]"] {
            #expect(throws: refusal, "\(blank)") { try Body(["status": blank]).run() }
        }
    }

    @Test(arguments: [("0", 0), ("7", 7), (#""5""#, 5), ("3.0", 3)])
    func readsAStatus(json: String, number: Int) throws {
        #expect(try Body(["status": json]).run().status == .number(number))
    }

    @Test(arguments: ["-1", "8", "1.5", "true", "[1]", "{}", #""8""#, #""07""#, #"" 3""#, #""x""#])
    func refusesAnyOtherStatus(json: String) {
        #expect(throws: Refusal.field("status", .not(.status))) { try Body(["status": json]).run() }
    }

    @Test func mayLeaveItsIDToTheService() throws {
        #expect(try RunDraft(Body.leastRun.parsed()).id == nil)
        for blank in ["null", #""""#, "[]"] {
            #expect(try RunDraft(Body.leastRun.with("task_id", blank).parsed()).id == nil, "\(blank)")
        }
    }

    @Test(arguments: ["a", "run_1-A", "search", String(repeating: "x", count: 64)])
    func keepsTheIDThatWasSent(text: String) throws {
        let draft = try RunDraft(Body.leastRun.with("task_id", quoted(text)).parsed())
        #expect(draft.id?.text == text)
    }

    @Test(arguments: [
        quoted(String(repeating: "x", count: 65)), #""a.b""#, #"" ""#, #""a\u0000""#, #""作业""#, "1", "true",
        #"["a"]"#, "{}",
    ])
    func refusesAnyOtherID(json: String) {
        #expect(throws: Refusal.field("task_id", .not(.identifier))) { try Body.leastRun.with("task_id", json).run() }
    }

    @Test(arguments: ["version", "name", "Status", "created_at", ""])
    func refusesUnknownFields(name: String) {
        let refusal = Refusal.unknownField(name, accepted: Self.settable)
        #expect(throws: refusal) { try Body.leastRun.with(name, "null").run() }
    }

    @Test(arguments: [("work_id", #""id-1""#), ("work_id", "null"), ("run_time", "0"), ("run_time", "null")])
    func refusesReadOnlyFields(name: String, json: String) {
        #expect(throws: Refusal.readOnlyField(name)) { try Body.leastRun.with(name, json).run() }
    }

    // MARK: Times

    @Test func startsNowUnlessAStartIsGiven() throws {
        for body in [Body.leastRun, .leastRun.with("started_at", "null"), .leastRun.with("started_at", #""""#)] {
            #expect(try body.run().startedAt.milliseconds == now.milliseconds)
        }
        let run = try Body.leastRun.with("started_at", #""2021-12-01T16:00:00.5Z""#).run()
        #expect(run.startedAt.milliseconds == 1_638_374_400_500)
    }

    @Test(arguments: ["started_at", "ended_at"])
    func mayStartAndEndFiveMinutesAheadAndNotASecondMore(name: String) throws {
        let limit = now.advanced(seconds: 300)
        #expect(try Body.leastRun.with(name, limit.quoted).run().members()[name] == .string(limit.text))
        #expect(throws: Refusal.field(name, .inTheFuture)) {
            try Body.leastRun.with(name, limit.advanced(seconds: 1).quoted).run()
        }
    }

    @Test(arguments: ["started_at", "ended_at"])
    func refusesWhatIsNotATimeWithAZone(name: String) {
        for json in [#""now""#, #""2021-12-01T16:53:34""#, "5", "true", "{}", #"["2021-12-01T16:53:34Z"]"#] {
            #expect(throws: Refusal.field(name, .not(.time)), "\(json)") { try Body.leastRun.with(name, json).run() }
        }
    }

    @Test func doesNotEndBeforeItStarts() throws {
        let refusal = Refusal.field("ended_at", .before("started_at"))
        let body = Body.leastRun.with("started_at", now.quoted)
        #expect(throws: refusal) { try body.with("ended_at", now.advanced(seconds: -1).quoted).run() }
        #expect(try body.with("ended_at", now.quoted).run().runTime == 0)
        #expect(throws: refusal, "the start that was not given is now") {
            try Body.leastRun.with("ended_at", now.advanced(seconds: -1).quoted).run()
        }
    }

    @Test(arguments: [("34.9", "36.1", 2), ("34.9", "34.1", 0), ("34.0", "34.9", 0), ("34.9", "35.0", 1)])
    func lastsTheSecondsBetweenTheTimesThatGoOut(start: String, end: String, seconds: Int) throws {
        let body = Body.leastRun.with("started_at", quoted("2021-12-01T16:52:\(start)Z"))
            .with("ended_at", quoted("2021-12-01T16:52:\(end)Z"))
        #expect(try body.run().runTime == seconds)
    }

    // MARK: What comes out

    @Test func fillsInDefaults() throws {
        let run = try Body.leastRun.run()
        #expect(
            run.json == """
                {"task_id":"id-1","work_id":"id-1","status":1,"started_at":"2021-12-01T16:53:34Z",\
                "ended_at":null,"run_time":0}
                """
        )
        #expect(run.version == 1)
    }

    @Test func givesBackEveryFieldInTheDocumentedOrder() throws {
        let body = Body([
            "ended_at": #""2021-12-01T16:01:00Z""#, "started_at": #""2021-12-01T16:00:00Z""#, "status": "0",
            "task_id": #""t-1""#,
        ])
        #expect(
            try body.run().json == """
                {"task_id":"t-1","work_id":"id-1","status":0,"started_at":"2021-12-01T16:00:00Z",\
                "ended_at":"2021-12-01T16:01:00Z","run_time":60}
                """
        )
    }

    @Test func reportsTheFirstFault() {
        let late = now.advanced(seconds: 301).quoted
        let faults: [(name: String, json: String, refusal: Refusal)] = [
            ("colour", "1", .unknownField("colour", accepted: Self.settable)),
            ("run_time", "0", .readOnlyField("run_time")),
            ("status", "8", .field("status", .not(.status))),
            ("task_id", "1", .field("task_id", .not(.identifier))),
            ("started_at", late, .field("started_at", .inTheFuture)),
            ("ended_at", late, .field("ended_at", .inTheFuture)),
        ]
        for first in faults.indices {
            var body = Body.leastRun
            for fault in faults[first...] { body = body.with(fault.name, fault.json) }
            #expect(throws: faults[first].refusal) { try body.run() }
            #expect(throws: faults[first].refusal) { try body.reversed.run() }
        }
    }
}
