import JSON
import Testing
import Works

/// What a patch makes of a run: what can be corrected, before and after its end, and which field a refusal names.
struct RunPatchTests {
    private static let settable = ["status", "started_at", "ended_at"]
    private static let blanks = ["null", #""""#, "[]"]

    @Test func keepsEverythingWhenEmpty() throws {
        for run in [Run.running, .over] {
            #expect(try Body([:]).applied(to: run) == run)
        }
    }

    @Test(
        arguments: [
            ("status", "5", .running.with { $0.status = .number(5) }),
            ("started_at", #""2021-12-01T16:00:00.5Z""#, .running.with { $0.startedAt = .fourPM }),
            ("ended_at", #""2021-12-01T16:53:34.250Z""#, .running.with { $0.endedAt = now }),
        ] as [(String, String, Run)]
    )
    func changesOneFieldAndKeepsTheRest(name: String, json: String, expected: Run) throws {
        let patched = try Body([name: json]).applied(to: Run.running)
        #expect(patched == expected)
        #expect(patched.version == Run.running.version)
        #expect(patched.startedAt.milliseconds == expected.startedAt.milliseconds)
        #expect(patched.endedAt?.milliseconds == expected.endedAt?.milliseconds)
    }

    @Test func canStillBeCorrectedWhenItIsOver() throws {
        let body = Body(["status": "6", "started_at": #""2021-12-01T16:00:00Z""#, "ended_at": now.quoted])
        #expect(
            try body.applied(to: Run.over).json == """
                {"task_id":"id-1","work_id":"work-1","status":6,"started_at":"2021-12-01T16:00:00Z",\
                "ended_at":"2021-12-01T16:53:34Z","run_time":3214}
                """
        )
        #expect(try Body(["status": "0"]).applied(to: Run.over) == Run.over.with { $0.status = .number(0) })
    }

    @Test(arguments: blanks)
    func isNotClearedOfItsEnd(blank: String) throws {
        #expect(throws: Refusal.runOver(.sample)) { try Body(["ended_at": blank]).applied(to: Run.over) }
        #expect(try Body(["ended_at": blank]).applied(to: Run.running) == .running)
    }

    @Test(arguments: blanks)
    func isNotClearedOfStatusAndStart(blank: String) {
        for run in [Run.running, .over] {
            #expect(throws: Refusal.field("status", .mustNotBeCleared(.status))) {
                try Body(["status": blank]).applied(to: run)
            }
            #expect(throws: Refusal.field("started_at", .mustNotBeCleared(.time))) {
                try Body(["started_at": blank]).applied(to: run)
            }
        }
    }

    @Test(arguments: ["version", "name", "Status", ""])
    func refusesUnknownFields(name: String) {
        let refusal = Refusal.unknownField(name, accepted: Self.settable)
        #expect(throws: refusal) { try Body([name: "null"]).applied(to: Run.running) }
    }

    @Test(arguments: ["-1", "8", "1.5", "true", "[1]", #""07""#, #""x""#])
    func refusesAnyOtherStatus(json: String) {
        #expect(throws: Refusal.field("status", .not(.status))) { try Body(["status": json]).applied(to: Run.running) }
    }

    // MARK: Read-only fields

    @Test func acceptsTheWholeRunAsItWasRead() throws {
        for run in [Run.running, .over] {
            #expect(try RunPatch(run.members()).applied(to: run, now: now) == run)
            let edited = try run.members().with("status", .integer(6))
            let patched = try RunPatch(edited).applied(to: run, now: now)
            #expect(patched == run.with { $0.status = .number(6) })
        }
    }

    @Test(arguments: [("task_id", #""id-1""#), ("work_id", #""work-1""#), ("run_time", "3540"), ("run_time", "3540.0")])
    func acceptsReadOnlyFieldsAsTheyAre(name: String, json: String) throws {
        #expect(try Body([name: json]).applied(to: Run.over) == .over)
    }

    @Test(
        arguments: [
            ("task_id", [#""other""#, "1"]), ("work_id", [#""other""#, "1"]),
            ("run_time", ["0", "3541", #""3540""#, "3540.5", "true"]),
        ] as [(String, [String])]
    )
    func doesNotChangeNorClearReadOnlyFields(name: String, others: [String]) {
        for json in others + Self.blanks {
            #expect(throws: Refusal.readOnlyField(name), "\(json)") { try Body([name: json]).applied(to: Run.over) }
        }
    }

    // MARK: Times

    @Test(arguments: ["started_at", "ended_at"])
    func refusesWhatIsNotATimeWithAZone(name: String) {
        for json in [#""then""#, #""2021-12-01T16:53:34""#, "5", "true", "{}"] {
            #expect(throws: Refusal.field(name, .not(.time)), "\(json)") {
                try Body([name: json]).applied(to: Run.running)
            }
        }
    }

    @Test(arguments: ["started_at", "ended_at"])
    func mayStartAndEndFiveMinutesAheadAndNotASecondMore(name: String) throws {
        let limit = now.advanced(seconds: 300)
        #expect(try Body([name: limit.quoted]).applied(to: Run.running).members()[name] == .string(limit.text))
        #expect(throws: Refusal.field(name, .inTheFuture)) {
            try Body([name: limit.advanced(seconds: 1).quoted]).applied(to: Run.running)
        }
    }

    @Test func aStoredTimeAheadOfTheClockMayBeSentBack() throws {
        let ahead = now.advanced(seconds: 1000)
        let run = Run.running.with { ($0.startedAt, $0.endedAt) = (ahead, ahead) }
        #expect(try Body(["started_at": ahead.quoted, "ended_at": ahead.quoted]).applied(to: run) == run)
        #expect(throws: Refusal.field("ended_at", .inTheFuture)) {
            try Body(["ended_at": ahead.advanced(seconds: 1).quoted]).applied(to: run)
        }
    }

    @Test func keepsItsMillisecondsWhenTheTimeSentReadsTheSame() throws {
        for fraction in ["", ".0", ".999"] {
            let body = Body([
                "started_at": quoted("2021-12-01T23:53:34\(fraction)+08:00"),
                "ended_at": quoted("2021-12-01T16:52:34\(fraction)Z"),
            ])
            let patched = try body.applied(to: Run.over)
            #expect(patched.startedAt.milliseconds == Run.over.startedAt.milliseconds)
            #expect(patched.endedAt?.milliseconds == Run.over.endedAt?.milliseconds)
        }
    }

    @Test func namesTheTimeThatWasSentInTheWrongOrder() {
        let (start, end) = (Run.over.startedAt, now.advanced(seconds: -60))
        let endsTooEarly = Refusal.field("ended_at", .before("started_at"))
        for run in [Run.running, .over] {
            #expect(throws: endsTooEarly) {
                try Body(["ended_at": start.advanced(seconds: -1).quoted]).applied(to: run)
            }
            #expect(throws: endsTooEarly, "both were sent") {
                try Body(["started_at": end.quoted, "ended_at": start.quoted]).applied(to: run)
            }
        }
        #expect(throws: endsTooEarly, "the end that is stored was sent as well") {
            try Body(["started_at": end.advanced(seconds: 1).quoted, "ended_at": end.quoted]).applied(to: Run.over)
        }
        #expect(throws: Refusal.field("started_at", .after("ended_at"))) {
            try Body(["started_at": end.advanced(seconds: 1).quoted]).applied(to: Run.over)
        }
    }

    @Test func mayEndInTheSecondInWhichItStarts() throws {
        let run = try Body(["ended_at": #""2021-12-01T15:53:34.000Z""#]).applied(to: Run.running)
        #expect(run.runTime == 0)
        #expect(try Body(["started_at": #""2021-12-01T16:52:34.999Z""#]).applied(to: Run.over).runTime == 0)
    }

    @Test func reportsTheFirstFault() {
        let faults: [(name: String, json: String, refusal: Refusal)] = [
            ("colour", "1", .unknownField("colour", accepted: Self.settable)),
            ("run_time", "1", .readOnlyField("run_time")),
            ("status", "8", .field("status", .not(.status))),
            ("started_at", #""then""#, .field("started_at", .not(.time))),
            ("ended_at", "null", .runOver(.sample)),
        ]
        for first in faults.indices {
            var body = Body([:])
            for fault in faults[first...] { body = body.with(fault.name, fault.json) }
            #expect(throws: faults[first].refusal) { try body.applied(to: Run.over) }
            #expect(throws: faults[first].refusal) { try body.reversed.applied(to: Run.over) }
        }
    }
}

extension Timestamp {
    /// 2021-12-01T16:00:00.5Z.
    fileprivate static let fourPM = Timestamp(milliseconds: 1_638_374_400_500)
}
