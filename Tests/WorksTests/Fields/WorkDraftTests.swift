import JSON
import Testing
import Works

/// What a body must hold to create a work, which refusal comes first, and what comes out.
struct WorkDraftTests {
    private static let required: [(name: String, expected: Expected)] = [
        ("user_id", .text(1...128)), ("name", .text(1...255)), ("description", .text(0...4096)), ("type", .types),
        ("category", .categories),
    ]

    /// The fields that a create request may set, as the refusal of an unknown one lists them.
    private static let settable = [
        "lambda_id", "user_id", "name", "description", "type", "category", "status", "work_directory",
        "main_class_name", "extra_params", "java_version", "run_frequency", "created_at", "updated_at", "deleted_at",
    ]

    @Test(arguments: required)
    func needsItsRequiredFields(name: String, expected: Expected) {
        let refusal = Refusal.field(name, .required(expected))
        #expect(throws: refusal) { try Body.leastWork.without(name).work() }
        for blank in ["null", "[]", #""""#] where name != "description" || blank != #""""# {
            #expect(throws: refusal, "\(blank)") { try Body.leastWork.with(name, blank).work() }
        }
    }

    @Test func needsNoOtherField() throws {
        #expect(try Body.leastWork.parsed().map(\.name) == Self.required.map(\.name))
        #expect(throws: Never.self) { try Body.leastWork.work() }
    }

    @Test func acceptsAnEmptyDescription() throws {
        let work = try Body.leastWork.with("description", #""""#).work()
        #expect(work.description == "")
        #expect(try work.members()["description"] == .null)
    }

    @Test(arguments: [
        "lambda_id", "status", "work_directory", "main_class_name", "extra_params", "java_version", "run_frequency",
        "created_at", "updated_at", "deleted_at",
    ])
    func aBlankValueIsAsGoodAsNone(name: String) throws {
        let least = try Body.leastWork.work()
        for blank in ["null", "[]", #""""#] {
            #expect(try Body.leastWork.with(name, blank).work() == least, "\(blank)")
        }
    }

    @Test(arguments: ["version", "seq", "task_id", "tasks", "Name", "name ", "名", "", "user-id", "userID"])
    func refusesUnknownFields(name: String) {
        let refusal = Refusal.unknownField(name, accepted: Self.settable)
        for json in ["null", #""x""#] {
            #expect(throws: refusal) { try Body.leastWork.with(name, json).work() }
        }
    }

    @Test(arguments: ["null", #""""#, #""id-1""#, #""other""#, "1"])
    func refusesAnID(json: String) {
        #expect(throws: Refusal.readOnlyField("work_id")) { try Body.leastWork.with("work_id", json).work() }
    }

    // MARK: Order

    /// One fault for each field, in the order in which they are reported.
    private static let faults: [(name: String, json: String, refusal: Refusal)] = [
        ("colour", "1", .unknownField("colour", accepted: settable)),
        ("work_id", #""id-1""#, .readOnlyField("work_id")),
        ("user_id", "null", .field("user_id", .required(.text(1...128)))),
        ("name", "7", .field("name", .not(.text(1...255)))),
        ("description", "null", .field("description", .required(.text(0...4096)))),
        ("type", #""OTHER""#, .field("type", .not(.types))),
        ("category", "[]", .field("category", .required(.categories))),
        ("lambda_id", "1", .field("lambda_id", .not(.text(1...128)))),
        ("status", "8", .field("status", .not(.status))),
        ("work_directory", "1", .field("work_directory", .not(.text(0...1024)))),
        ("main_class_name", "1", .field("main_class_name", .not(.text(0...512)))),
        ("extra_params", "1", .field("extra_params", .not(.extraParams))),
        ("java_version", "1", .field("java_version", .not(.text(0...32)))),
        ("run_frequency", "1", .field("run_frequency", .not(.frequencies))),
        ("created_at", "1", .field("created_at", .not(.time))),
        ("updated_at", "1", .field("updated_at", .not(.time))),
        ("deleted_at", "1", .field("deleted_at", .not(.time))),
    ]

    @Test(arguments: faults.indices)
    func reportsTheFirstFaultInTheOrderOfTheFields(first: Int) {
        var body = Body.leastWork
        for fault in Self.faults[first...] { body = body.with(fault.name, fault.json) }
        #expect(throws: Self.faults[first].refusal) { try body.work() }
        #expect(throws: Self.faults[first].refusal, "whatever the order of the members") { try body.reversed.work() }
    }

    // MARK: What comes out

    @Test func fillsInDefaults() throws {
        let work = try Body.leastWork.work()
        #expect(
            work.json == """
                {"work_id":"id-1","lambda_id":null,"user_id":"alice","name":"测试作业","description":"一个测试作业",\
                "type":"BATCH","category":"FLINK_SQL","status":0,"work_directory":null,"main_class_name":null,\
                "extra_params":null,"java_version":null,"run_frequency":null,"created_at":"2021-12-01T16:53:34Z",\
                "updated_at":"2021-12-01T16:53:34Z","deleted_at":null}
                """
        )
        #expect(work.version == 1)
        #expect(!work.isDeleted)
    }

    @Test func givesBackEveryFieldInTheDocumentedOrder() throws {
        let body = Body([
            "deleted_at": #""2021-12-01T16:00:02Z""#, "updated_at": #""2021-12-01T16:00:01Z""#,
            "created_at": #""2021-12-01T16:00:00Z""#, "run_frequency": #""weekly""#, "java_version": #""17""#,
            "extra_params": #"["-D","x y"]"#, "main_class_name": #""Main""#, "work_directory": #""/w""#,
            "status": "3", "category": #""FLNK_JAR""#, "type": #""STREAMING""#, "description": #""d""#,
            "name": #""n""#, "user_id": #""u""#, "lambda_id": #""l""#,
        ])
        #expect(
            try body.work().json == """
                {"work_id":"id-1","lambda_id":"l","user_id":"u","name":"n","description":"d","type":"STREAMING",\
                "category":"FLNK_JAR","status":3,"work_directory":"/w","main_class_name":"Main",\
                "extra_params":["-D","x y"],"java_version":"17","run_frequency":"weekly",\
                "created_at":"2021-12-01T16:00:00Z","updated_at":"2021-12-01T16:00:01Z",\
                "deleted_at":"2021-12-01T16:00:02Z"}
                """
        )
    }

    @Test func mintsAnIDUnlessOneIsGiven() throws {
        let members = try Body.leastWork.parsed()
        let ids = try (0..<20).map { _ in try WorkDraft(members).work(now: now).id }
        #expect(Set(ids).count == ids.count)
        #expect(try WorkDraft(members, id: .sample).work(now: now).id == .sample)
    }
}
