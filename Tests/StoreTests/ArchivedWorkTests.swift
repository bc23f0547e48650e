import JSON
import Testing
import Works

@testable import Store

/// A line of an archive: that it comes back as it was written, and what it may not hold.
struct ArchivedWorkTests {
    // MARK: Round trip

    @Test func comesBackToTheMillisecond() throws {
        let (work, runs) = (Self.work, [Self.over, Self.running])
        let line = Self.line(of: work, runs)
        let archived = try ArchivedWork(line: Array(line.utf8))
        #expect(archived.work == work)
        #expect(archived.work.createdAt.milliseconds == work.createdAt.milliseconds)
        #expect(archived.work.updatedAt.milliseconds == work.updatedAt.milliseconds)
        #expect(archived.work.deletedAt?.milliseconds == work.deletedAt?.milliseconds)
        #expect(archived.runs == runs)
        #expect(archived.runs.map(\.startedAt.milliseconds) == runs.map(\.startedAt.milliseconds))
        #expect(archived.runs.map(\.endedAt?.milliseconds) == runs.map(\.endedAt?.milliseconds))
        #expect(Self.line(of: archived.work, archived.runs) == line)
    }

    @Test func isWrittenLikeAnAnswerWithExactTimesAndVersions() {
        let expected = """
            {"work_id":"w1","lambda_id":null,"user_id":"alice","name":"n","description":null,"type":"BATCH",\
            "category":"FLINK_SQL","status":0,"work_directory":null,"main_class_name":null,"extra_params":["a","b c"],\
            "java_version":null,"run_frequency":"daily","created_at":"2021-12-01T16:00:00.001Z",\
            "updated_at":"2021-12-01T16:00:00.999Z","deleted_at":"2021-12-01T16:00:01.000Z","version":7,"tasks":[\
            {"task_id":"t1","work_id":"w1","status":2,"started_at":"2021-12-01T16:00:00.900Z",\
            "ended_at":"2021-12-01T16:00:02.100Z","run_time":2,"version":3},\
            {"task_id":"t2","work_id":"w1","status":1,"started_at":"2021-12-01T16:00:03.000Z","ended_at":null,\
            "run_time":0,"version":1}]}\n
            """
        #expect(Self.line(of: Self.work, [Self.over, Self.running]) == expected)
    }

    @Test func aWorkWithoutTasksComesBack() throws {
        let archived = try ArchivedWork(line: Array(Self.line(of: Self.work, []).utf8))
        #expect(archived.work == Self.work)
        #expect(archived.runs == [])
    }

    // MARK: What may be left out

    @Test func needsOnlyTheIDAndTheTimesBesideWhatACreateNeeds() throws {
        let archived = try Line.least.read()
        #expect(archived.work.id.text == "w1")
        #expect(archived.work.version == 1)
        #expect(archived.work.status == .initial)
        #expect(!archived.work.isDeleted)
        #expect(archived.runs == [])
        let run = try #require(try Line.least.with("tasks", "[\(Line.task.json)]").read().runs.first)
        #expect(run == Run(id: run.id, workID: archived.work.id, status: run.status, startedAt: run.startedAt))
    }

    @Test(arguments: ["null", #""""#])
    func aBlankDescriptionIsEmpty(json: String) throws {
        #expect(try Line.least.with("description", json).read().work.description == "")
    }

    @Test(arguments: ["null", "[]"])
    func blankTasksAreNone(json: String) throws {
        #expect(try Line.least.with("tasks", json).read().runs == [])
    }

    @Test(arguments: [("1", 1), ("null", 1), ("7.0", 7), ("9007199254740992", 1 << 53)])
    func readsAVersion(json: String, version: Int) throws {
        #expect(try Line.least.with("version", json).read().work.version == version)
        let task = Line.task.with("version", json).json
        #expect(try Line.least.with("tasks", "[\(task)]").read().runs.map(\.version) == [version])
    }

    @Test(arguments: ["0", "null", #""x""#, "99"])
    func computesTheRunTimeItself(json: String) throws {
        let task = Line.task.with("ended_at", #""2021-12-01T16:00:05Z""#).with("run_time", json).json
        #expect(try Line.least.with("tasks", "[\(task)]").read().runs.map(\.runTime) == [5])
    }

    /// As when the clock of its store was ahead, or was set back since.
    @Test func mayHaveTimesAheadOfTheClock() throws {
        let time = #""9999-12-31T23:59:59.999Z""#
        let task = Line.task.with("started_at", time).with("ended_at", time)
        let line = Line.least.with("created_at", time).with("updated_at", time).with("deleted_at", time)
        let archived = try line.with("tasks", "[\(task.json)]").read()
        #expect(archived.work.createdAt == .distantFuture)
        #expect(archived.runs.first?.endedAt == .distantFuture)
    }

    // MARK: Refusals

    @Test(
        arguments: [
            ("work_id", [nil, "null"], .required(.identifier)),
            ("work_id", [#""""#, #""a b""#, "7", #"["w1"]"#, #""search""#], .not(.identifier)),
            ("created_at", [nil, "null", #""""#, "[]"], .required(.time)),
            ("updated_at", [nil, "null", #""""#, "[]"], .required(.time)),
            ("created_at", [#""2021-12-01T16:00:00""#, "1638374400"], .not(.time)),
            ("updated_at", [#""2021-12-01T15:59:59Z""#], .before("created_at")),
            ("description", [nil], .required(.text(0...4096))),
            ("name", [nil, "null"], .required(.text(1...255))),
            ("status", ["8"], .not(.status)),
            ("version", ["0", "-1", "9007199254740993", "1.5", #""3""#, "true", "[]"], .not(versions)),
            ("tasks", [#""""#, "{}", "1", "[1]", "[null]", "[[]]"], .not(.tasks)),
        ] as [(String, [String?], Refusal.Reason)]
    )
    func isRefused(name: String, values: [String?], reason: Refusal.Reason) {
        for json in values {
            #expect(throws: ArchiveError.refused(.field(name, reason)), "\(json ?? "absent")") {
                try Line.least.with(name, json).read()
            }
        }
    }

    @Test(
        arguments: [
            ("task_id", [nil, "null", #""""#], .required(.identifier)),
            ("task_id", [#""a b""#, "7"], .not(.identifier)),
            ("started_at", [nil, "null", #""""#, "[]"], .required(.time)),
            ("started_at", ["5"], .not(.time)),
            ("ended_at", [#""2021-12-01T15:59:59Z""#], .before("started_at")),
            ("status", [nil, "null"], .required(.status)), ("status", ["8"], .not(.status)),
            ("work_id", [#""w2""#, #""W1""#, "null", "1"], .not(.identifier)),
            ("version", ["0", "9007199254740993", #""3""#], .not(versions)),
        ] as [(String, [String?], Refusal.Reason)]
    )
    func isRefusedForATask(name: String, values: [String?], reason: Refusal.Reason) {
        for json in values {
            let tasks = "[\(Line.task.with("task_id", #""t0""#).json),\(Line.task.with(name, json).json)]"
            #expect(throws: ArchiveError.refused(.field(name, reason)), "\(json ?? "absent")") {
                try Line.least.with("tasks", tasks).read()
            }
        }
    }

    @Test func isRefusedForARepeatedTask() throws {
        let other = Line.task.with("task_id", #""T1""#).json
        #expect(try Line.least.with("tasks", "[\(Line.task.json),\(other)]").read().runs.count == 2)
        #expect(throws: ArchiveError.refused(.field("task_id", .repeated))) {
            try Line.least.with("tasks", "[\(Line.task.json),\(other),\(Line.task.json)]").read()
        }
    }

    @Test func acceptsATaskThatNamesItsOwnWork() throws {
        let task = Line.task.with("work_id", #""w1""#).json
        #expect(try Line.least.with("tasks", "[\(task)]").read().runs.map(\.workID.text) == ["w1"])
    }

    @Test func isRefusedForAnUnknownField() {
        #expect(throws: (any Error).self) { try Line.least.with("colour", "1").read() }
        let task = Line.task.with("colour", "1").json
        #expect(
            throws: ArchiveError.refused(
                .unknownField("colour", accepted: ["task_id", "status", "started_at", "ended_at"])
            )
        ) {
            try Line.least.with("tasks", "[\(task)]").read()
        }
    }

    @Test(arguments: [
        ("", JSONError.empty), ("[]", .notAnObject), (#"{"a"}"#, .malformed(line: 1, column: 5)),
        (#"{"a":1,"a":1}"#, .repeatedKey),
    ])
    func isRefusedUnlessItIsAJSONObject(line: String, error: JSONError) {
        #expect(throws: ArchiveError.notReadable(error)) { try ArchivedWork(line: Array(line.utf8)) }
    }
}

// MARK: Samples

private let versions = Expected.integer(1...(1 << 53))

extension ArchivedWorkTests {
    /// 2021-12-01T16:00:00Z and some milliseconds.
    private static func time(_ milliseconds: Int) -> Timestamp {
        Timestamp(milliseconds: 1_638_374_400_000 + milliseconds)
    }

    private static var work: Work {
        var work = Work(
            id: WorkID("w1")!,
            userID: "alice",
            name: "n",
            type: .batch,
            category: .flinkSQL,
            createdAt: time(1),
            updatedAt: time(999)
        )
        work.extraParams = ExtraParams(["a", "b c"])
        work.runFrequency = .daily
        work.deletedAt = time(1000)
        work.version = 7
        return work
    }

    private static var over: Run {
        Run(
            id: RunID("t1")!,
            workID: work.id,
            status: Status(2)!,
            startedAt: time(900),
            endedAt: time(2100),
            version: 3
        )
    }

    private static var running: Run {
        Run(id: RunID("t2")!, workID: work.id, status: Status(1)!, startedAt: time(3000))
    }

    private static func line(of work: Work, _ runs: [Run]) -> String {
        var json = JSONWriter()
        ArchivedWork.writeStart(of: work, to: &json)
        for (index, run) in runs.enumerated() { ArchivedWork.write(run, isFirst: index == 0, to: &json) }
        ArchivedWork.writeEnd(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

/// A line, or a task in it: its members in order, each value as JSON text.
private struct Line {
    private var members: [(name: String, json: String)]

    /// The shortest line: a work without tasks.
    static let least = Line(members: [
        ("work_id", #""w1""#), ("user_id", #""alice""#), ("name", #""n""#), ("description", #""d""#),
        ("type", #""BATCH""#), ("category", #""FLINK_SQL""#), ("created_at", #""2021-12-01T16:00:00Z""#),
        ("updated_at", #""2021-12-01T16:00:00Z""#),
    ])

    /// The shortest task.
    static let task = Line(members: [
        ("task_id", #""t1""#), ("status", "1"), ("started_at", #""2021-12-01T16:00:00Z""#),
    ])

    /// The same with another value for this member, or without the member if the value is nil.
    func with(_ name: String, _ json: String?) -> Line {
        var line = self
        line.members.removeAll { $0.name == name }
        if let json { line.members.append((name, json)) }
        return line
    }

    var json: String {
        "{" + members.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}"
    }

    func read() throws -> ArchivedWork {
        try ArchivedWork(line: Array(json.utf8))
    }
}
