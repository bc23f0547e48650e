import TestSupport
import Testing

/// The shape of every answer: the envelope, the order of keys, blank fields, escapes.
@Suite(.sharingAStack) struct EnvelopeTests {
    private static let keys = [
        "work_id", "lambda_id", "user_id", "name", "description", "type", "category", "status", "work_directory",
        "main_class_name", "extra_params", "java_version", "run_frequency", "created_at", "updated_at", "deleted_at",
    ]

    @Test func givesEveryKeyInTheDocumentedOrder() throws {
        let client = try Shared.client
        let work = try client.create()
        #expect(work.data.keys == Self.keys)
        #expect(try client.work(work.path).data.keys == Self.keys)
        #expect(try client.patch(work, ["status": 3]).data.keys == Self.keys)
        let page = try client.page("/api/v1/works?user_id=\(work.data["user_id"].string ?? "")")
        #expect(page.items.map(\.keys) == [Self.keys])
        let task = try client.createTask(of: work, ["status": 1])
        #expect(task.data.keys == ["task_id", "work_id", "status", "started_at", "ended_at", "run_time"])
    }

    @Test func givesBlankFieldsAsNull() throws {
        let work = try Shared.client.create(["description": ""])
        for key in ["lambda_id", "description", "work_directory", "main_class_name", "extra_params", "java_version"] {
            #expect(work.data[key] == .null, "\(key)")
        }
        #expect(work.data["run_frequency"] == .null)
        #expect(work.data["deleted_at"] == .null)
        #expect(work.data["status"] == 0)
    }

    @Test(arguments: ["null", "\"\"", "[]"]) func acceptsEveryFormOfBlank(_ blank: String) throws {
        let client = try Shared.client
        let user = unique()
        let optional = [
            "lambda_id", "work_directory", "main_class_name", "extra_params", "java_version", "run_frequency",
        ]
        let fields = (optional + ["status", "deleted_at"]).map { "\"\($0)\":\(blank)" }.joined(separator: ",")
        let body = """
            {"user_id":"\(user)","name":"n","description":"d","type":"BATCH","category":"FLINK_SQL",\(fields)}
            """
        let data = try expectSuccess(try client.call("POST", "/api/v1/works", text: body))
        for key in optional + ["deleted_at"] { #expect(data[key] == .null, "\(key)") }
        #expect(data["status"] == 0)
    }

    @Test func keepsAnArrayOfOneEmptyString() throws {
        let work = try Shared.client.create(["extra_params": [""]])
        #expect(work.data["extra_params"] == [""])
        #expect(work.answer.text.contains(#""extra_params":[""]"#))
    }

    @Test func sendsUTF8UnescapedAndEscapesOnlyWhatItMust() throws {
        let client = try Shared.client
        let name = "作业 é 😀 \u{7f} / \" \\ \u{8}\u{c}\n\r\t\u{1}\u{1f} \u{2028} e\u{301}"
        let work = try client.create(["name": .string(name)])
        #expect(work.data["name"].string.map { Array($0.utf8) } == Array(name.utf8))
        #expect(work.answer.text.contains("作业 é 😀 \u{7f} / \\\" \\\\ "))
        #expect(try client.work(work.path).answer.body == work.answer.body)
    }

    @Test func announcesJSONWithItsLength() throws {
        let answer = try Shared.client.create().answer
        #expect(answer.all("Content-Length") == ["\(answer.body.count)"])
        #expect(answer["Server"]?.contains("/") != true, "a version that nobody needs to know")
    }

    @Test(arguments: [
        "/", "/nope", "/api", "/api/v1", "/api/v1/", "/api/v1/work", "/api/v2/works", "/API/v1/works", "/api/v1//works",
        "/api/v1/works/abc/task", "/api/v1/works/abc/tasks/def/ghi", "/api/v1/works/abc/restore/now", "/livez/now",
    ])
    func refusesUnknownRoutes(_ path: String) throws {
        for method in ["GET", "POST", "PATCH", "DELETE"] {
            expectRefusal(404_100, try Shared.client.call(method, path))
            expectRefusal(404_100, try Shared.stack.worker(0).call(method, path))
        }
    }
}
