import TestSupport
import Testing

/// What a work may be created with, field by field.
@Suite(.sharingAStack) struct CreateTests {
    private static let required = ["user_id", "name", "description", "type", "category"]

    @Test(arguments: required) func requires(_ field: String) throws {
        let client = try Shared.client
        let absent = try client.call("POST", "/api/v1/works", draft().without(field))
        expectRefusal(400_101, absent, saying: field)
        let null = try client.call("POST", "/api/v1/works", draft([:]).with(.object([.init(field, .null)])))
        expectRefusal(400_101, null, saying: field)
    }

    @Test(
        arguments: [
            ("user_id", ""), ("user_id", "   "), ("user_id", 5), ("user_id", []), ("user_id", ["x"]), ("user_id", true),
            ("user_id", text(129)), ("user_id", "a\u{0}b"),
            ("name", ""), ("name", " \t\n"), ("name", text(256)), ("name", "\u{0}"), ("name", 1.5), ("name", ["a": 1]),
            ("description", text(4097)), ("description", "\u{0}"), ("description", false),
            ("type", "streaming"), ("type", "OTHER"), ("type", ""), ("type", 1),
            ("category", "FLINK"), ("category", "flink_sql"), ("category", []),
            ("status", -1), ("status", 8), ("status", "8"), ("status", "x"), ("status", 1.5), ("status", true),
            ("status", [1]), ("status", 99_999_999_999), ("status", " 1"), ("status", "1.0"),
            ("lambda_id", text(129)), ("lambda_id", 7), ("lambda_id", "\u{0}"),
            ("work_directory", text(1025)), ("work_directory", 1), ("main_class_name", text(513)),
            ("main_class_name", ["Main"]), ("java_version", text(33)), ("java_version", 8), ("java_version", "\u{0}"),
            ("extra_params", 1), ("extra_params", [1]), ("extra_params", ["a", nil]), ("extra_params", [["a"]]),
            ("extra_params", .string(string(4097))), ("extra_params", ["ok", text(4097)]), ("extra_params", "\u{0}"),
            ("extra_params", .array(Array(repeating: "x", count: 257))), ("extra_params", ["a": "b"]),
            ("run_frequency", "yearly"), ("run_frequency", "Hourly"), ("run_frequency", 1), ("run_frequency", ["once"]),
        ] as [(String, Value)]
    )
    func refuses(_ field: String, _ value: Value) throws {
        let answer = try Shared.client.call("POST", "/api/v1/works", draft().with(.object([.init(field, value)])))
        expectRefusal(400_101, answer, saying: field)
    }

    @Test(
        arguments: [
            ("user_id", text(128)), ("user_id", " a b "), ("user_id", "用户"), ("name", text(255)), ("name", "x"),
            ("name", .string(String(repeating: "😀", count: 255))), ("description", text(4096)),
            ("type", "STREAMING"), ("type", "BATCH"), ("category", "FLINK_SQL"), ("category", "FLNK_JAR"),
            ("category", "FLINK_JAR"), ("status", 0), ("status", 7), ("lambda_id", text(128)),
            ("work_directory", text(1024)), ("main_class_name", text(512)), ("java_version", text(32)),
            ("extra_params", [text(4096)]), ("extra_params", .array(Array(repeating: "x", count: 256))),
            ("extra_params", ["a b", "", "c,d"]), ("run_frequency", "once"), ("run_frequency", "hourly"),
            ("run_frequency", "daily"), ("run_frequency", "weekly"),
        ] as [(String, Value)]
    )
    func accepts(_ field: String, _ value: Value) throws {
        let client = try Shared.client
        let work = try client.create(.object([.init(field, value)]))
        #expect(work.data[field] == value)
        #expect(try client.work(work.path).data == work.data)
    }

    @Test func acceptsTheStatusAsText() throws {
        #expect(try Shared.client.create(["status": "5"]).data["status"] == 5)
    }

    @Test func acceptsParametersAsOneStringAndNeverSplitsIt() throws {
        let work = try Shared.client.create(["extra_params": "-a 1, -b"])
        #expect(work.data["extra_params"] == ["-a 1, -b"])
    }

    @Test(arguments: ["work_id", "version", "seq", "task_id", "Name", "名"]) func refusesUnknownKeys(_ key: String)
        throws
    {
        let body = draft().with(.object([.init(key, "x")]))
        expectRefusal(400_102, try Shared.client.call("POST", "/api/v1/works", body), saying: key)
    }

    @Test func storesNothingWhenRefused() throws {
        let client = try Shared.client
        let user = unique()
        _ = try client.call("POST", "/api/v1/works", draft(["user_id": .string(user), "status": 9]))
        #expect(try client.page("/api/v1/works?user_id=\(user)").total == 0)
    }

    @Test func mintsADifferentIDEachTime() throws {
        let client = try Shared.client
        let ids = try (0..<20).map { _ in try client.create().id }
        #expect(Set(ids).count == 20)
        for id in ids { #expect(id.wholeMatch(of: #/[0-9a-f]{32}/#) != nil) }
    }

    @Test func locatesTheWork() throws {
        let work = try Shared.client.create()
        #expect(work.answer["Location"] == work.path)
        #expect(work.etag == "\"1\"")
    }

    private static func string(_ count: Int) -> String { String(repeating: "字", count: count) }
    private static func text(_ count: Int) -> Value { .string(string(count)) }
}
