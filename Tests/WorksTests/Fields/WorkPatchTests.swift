import JSON
import Testing
import Works

/// What a patch makes of a work: what is absent stays, what is blank is cleared, what is read-only must be as it is.
struct WorkPatchTests {
    /// Another value for every field that a patch may set.
    private static let changes: [(name: String, json: String)] = [
        ("lambda_id", #""other""#), ("user_id", #""bob""#), ("name", #""other""#), ("description", #""other""#),
        ("status", "7"), ("work_directory", #""/other""#), ("main_class_name", #""Other""#),
        ("extra_params", #"["c"]"#), ("java_version", #""21""#), ("run_frequency", #""daily""#),
    ]

    private static let blanks = ["null", #""""#, "[]"]

    @Test func keepsEverythingWhenEmpty() throws {
        for work in [Work.sample, .blank, .deleted] {
            #expect(try Body([:]).applied(to: work) == work)
        }
    }

    @Test(arguments: changes)
    func changesOneFieldAndKeepsTheRest(name: String, json: String) throws {
        let body = Body([name: json])
        let patched = try body.applied(to: Work.sample)
        #expect(try patched.members() == Work.sample.members().with(name, body.parsed()[0].value))
        #expect(patched != .sample)
        #expect(patched.version == Work.sample.version)
    }

    @Test func changesAllFieldsAtOnce() throws {
        var body = Body([:])
        var expected = try Work.sample.members()
        for (name, json) in Self.changes {
            body = body.with(name, json)
            expected = try expected.with(name, Body([name: json]).parsed()[0].value)
        }
        #expect(try body.applied(to: Work.sample).members() == expected)
    }

    @Test(arguments: [
        "lambda_id", "description", "work_directory", "main_class_name", "extra_params", "java_version",
        "run_frequency",
    ])
    func clearsAFieldThatMayBeBlank(name: String) throws {
        for blank in Self.blanks {
            let patched = try Body([name: blank]).applied(to: Work.sample)
            #expect(try patched.members() == Work.sample.members().with(name, .null), "\(blank)")
            #expect(try Body([name: blank]).applied(to: Work.blank) == .blank, "\(blank)")
        }
    }

    @Test(arguments: [("user_id", 1...128), ("name", 1...255)])
    func doesNotClearUserAndName(name: String, length: ClosedRange<Int>) {
        for blank in Self.blanks {
            #expect(throws: Refusal.field(name, .mustNotBeCleared(.text(length))), "\(blank)") {
                try Body([name: blank]).applied(to: Work.sample)
            }
        }
    }

    @Test(arguments: blanks)
    func aBlankStatusIsZero(blank: String) throws {
        #expect(try Body(["status": blank]).applied(to: Work.sample).status == .number(0))
    }

    @Test func anyStatusMayFollowAnyOther() throws {
        for (old, new) in (0..<64).map({ ($0 / 8, $0 % 8) }) {
            let work = Work.sample.with { $0.status = .number(old) }
            #expect(try Body(["status": String(new)]).applied(to: work).status == .number(new))
        }
    }

    @Test(
        arguments: [
            ("lambda_id", "7", .not(.text(1...128))), ("user_id", #"" ""#, .blank(.text(1...128))),
            ("name", quoted(String(repeating: "字", count: 256)), .tooLong(max: 255)),
            ("name", #""a\u0000""#, .holdsNUL), ("description", "3", .not(.text(0...4096))),
            ("description", quoted(String(repeating: "x", count: 4097)), .tooLong(max: 4096)),
            ("status", "8", .not(.status)), ("status", #""07""#, .not(.status)),
            ("work_directory", "1", .not(.text(0...1024))), ("main_class_name", "true", .not(.text(0...512))),
            ("extra_params", "[null]", .not(.extraParams)),
            ("java_version", quoted(String(repeating: "x", count: 33)), .tooLong(max: 32)),
            ("run_frequency", #""never""#, .not(.frequencies)),
        ] as [(String, String, Refusal.Reason)]
    )
    func refusesWhatACreateRefuses(name: String, json: String, reason: Refusal.Reason) {
        #expect(throws: Refusal.field(name, reason)) { try Body([name: json]).applied(to: Work.sample) }
    }

    @Test func oneStringOfParametersIsNotSplit() throws {
        let patched = try Body(["extra_params": #""-a 1, -b""#]).applied(to: Work.sample)
        #expect(patched.extraParams == ExtraParams(["-a 1, -b"]))
    }

    @Test(arguments: ["version", "task_id", "tasks", "Name", "名", ""])
    func refusesUnknownFields(name: String) {
        let refusal = Refusal.unknownField(name, accepted: Self.changes.map(\.name))
        #expect(throws: refusal) { try Body([name: "null"]).applied(to: Work.sample) }
    }

    @Test func reportsTheFirstFaultInTheOrderOfTheFields() {
        let faults: [(name: String, json: String, refusal: Refusal)] = [
            ("colour", "1", .unknownField("colour", accepted: Self.changes.map(\.name))),
            ("type", #""BATCH""#, .readOnlyField("type")),
            ("lambda_id", "1", .field("lambda_id", .not(.text(1...128)))),
            ("user_id", "null", .field("user_id", .mustNotBeCleared(.text(1...128)))),
            ("status", "8", .field("status", .not(.status))),
            ("run_frequency", "1", .field("run_frequency", .not(.frequencies))),
        ]
        for first in faults.indices {
            var body = Body([:])
            for fault in faults[first...] { body = body.with(fault.name, fault.json) }
            #expect(throws: faults[first].refusal) { try body.applied(to: Work.sample) }
            #expect(throws: faults[first].refusal) { try body.reversed.applied(to: Work.sample) }
        }
    }

    // MARK: Round trip

    @Test func acceptsTheWholeWorkAsItWasRead() throws {
        for work in [Work.sample, .blank, .deleted] {
            #expect(try WorkPatch(work.members()).applied(to: work) == work)
        }
    }

    @Test(arguments: changes)
    func acceptsTheWholeWorkWithOneFieldEdited(name: String, json: String) throws {
        let edited = try Body([name: json]).parsed()[0].value
        for work in [Work.sample, .blank, .deleted] {
            let members = try work.members().with(name, edited)
            let patched = try WorkPatch(members).applied(to: work)
            #expect(try patched.members() == members)
        }
    }

    // MARK: What is a change

    @Test func anotherUnicodeFormIsAChange() throws {
        let work = Work.sample.with {
            $0.name = "\u{E9}"
            $0.extraParams = ExtraParams(["\u{E9}"])
        }
        let name = try Body(["name": #""e\u0301""#]).applied(to: work)
        #expect(name != work)
        #expect(Array(name.name.unicodeScalars) == ["e", "\u{301}"])
        #expect(try Body(["extra_params": #"["e\u0301"]"#]).applied(to: work) != work)
        #expect(try Body(["name": #""\u00E9""#, "extra_params": #"["\u00E9"]"#]).applied(to: work) == work)
    }

    @Test func otherMillisecondsAreNotAChange() throws {
        let work = Work.sample
        let other = work.with { $0.updatedAt = $0.updatedAt.advanced(milliseconds: 500) }
        #expect(work == other)
        #expect(work != work.with { $0.updatedAt = $0.updatedAt.advanced(seconds: 1) })
        let patched = try Body(["updated_at": #""2021-12-01T15:53:34.999Z""#]).applied(to: work)
        #expect(patched.updatedAt.milliseconds == work.updatedAt.milliseconds)
    }

    @Test func anotherVersionIsAnotherState() {
        #expect(Work.sample != Work.sample.with { $0.version += 1 })
    }
}
