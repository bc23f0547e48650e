import TestSupport
import Testing

/// The eight calls of the API document in one story, with its examples as printed, trailing commas included.
@Suite(.sharingAStack) struct SeedDocumentTests {
    private static let user = "001a619f966644ff886976fbdb637fcb"

    @Test func servesTheEightCallsAsPrinted() throws {
        let client = try Shared.client
        let first = try create(client)
        try show(client, first)
        try change(client, first)
        let second = try create(client)
        try client.patch(second, ["name": "测试作业3", "run_frequency": "daily"])
        try list(client, "/api/v1/works?limit=10&offset=0&user_id=\(Self.user)", [second, first])
        try list(client, "/api/v1/works/search?limit=10&offset=0&user_id=\(Self.user)", [second, first])
        try tasks(client, first)
        try client.delete(first)
        expectRefusal(404_102, try client.call("GET", first.path))
    }

    private func create(_ client: Client) throws -> WorkAnswer {
        let body = """
            {
              "lambda_id": "0030ea4c962541da80e633e72a22caec",
              "user_id": "001a619f966644ff886976fbdb637fcb",
              "name": "测试作业",
              "description": "一个测试作业",
              "type": "STREAMING",
              "category": "FLNK_JAR",
              "status": 1,
              "work_directory": "/001a619f966644ff886976fbdb637fcb",
              "main_class_name": "Main",
              "extra_params": ["-Doptions fdfdf", ],
              "java_version": "8",
              "run_frequency": "hourly",
              "created_at": "2021-12-01T16:53:34Z",
              "updated_at": "2021-12-01T16:53:34Z",
              "deleted_at": null,
            }
            """
        let answer = try client.call("POST", "/api/v1/works", text: body)
        let work = WorkAnswer(answer: answer, data: try expectSuccess(answer))
        #expect(work.id.wholeMatch(of: #/[0-9a-f]{32}/#) != nil)
        #expect(answer["Location"] == work.path)
        return work
    }

    private func show(_ client: Client, _ work: WorkAnswer) throws {
        let answer = try client.call("GET", work.path, headers: ["Accept": "application/json"])
        let expected =
            #"{"code":0,"data":{"work_id":"\#(work.id)","lambda_id":"0030ea4c962541da80e633e72a22caec","#
            + #""user_id":"001a619f966644ff886976fbdb637fcb","name":"测试作业","description":"一个测试作业","#
            + #""type":"STREAMING","category":"FLNK_JAR","status":1,"#
            + #""work_directory":"/001a619f966644ff886976fbdb637fcb","main_class_name":"Main","#
            + #""extra_params":["-Doptions fdfdf"],"java_version":"8","run_frequency":"hourly","#
            + #""created_at":"2021-12-01T16:53:34Z","updated_at":"2021-12-01T16:53:34Z","deleted_at":null}}"#
        #expect(answer.text == expected)
        #expect(work.answer.text == expected)
        try expectSuccess(answer)
    }

    private func change(_ client: Client, _ work: WorkAnswer) throws {
        let body = """
            {
              "name": "测试作业2",
              "description": "一个测试作业",
              "status": 2,
              "work_directory": "/001a619f966644ff886976fbdb637fcb",
              "main_class_name": "Main",
              "extra_params": ["-Doptions fdfdf", ],
              "java_version": "8",
              "run_frequency": "hourly",
            }
            """
        let data = try expectSuccess(try client.call("PATCH", work.path, text: body))
        #expect(data == work.data.with(["name": "测试作业2", "status": 2, "updated_at": data["updated_at"]]))
        #expect(distanceFromNow(data["updated_at"]) < 10)
    }

    private func list(_ client: Client, _ target: String, _ works: [WorkAnswer]) throws {
        let page = try client.page(target)
        #expect(page.total == 2)
        #expect(Set(page.ids) == Set(works.map(\.id)))
        for item in page.items { #expect(item.keys == works[0].data.keys) }
    }

    private func tasks(_ client: Client, _ work: WorkAnswer) throws {
        let running: Value = [
            "task_id": "005036c4b6ba4ebfab9dc4b26895b6f9", "status": 3, "started_at": "2021-12-01T16:53:34Z",
        ]
        let over: Value = [
            "task_id": "005036c4b6ba4ebfab9dc4b26895b6g0", "status": 0, "started_at": "2021-12-01T16:53:34Z",
            "ended_at": "2021-12-01T17:53:34Z",
        ]
        _ = try client.createTask(of: work, running)
        _ = try client.createTask(of: work, over)
        let body = """
            {
              "work_id": "001a619f966644ff886976fbdb637fcb",
            }
            """
        let answer = try client.call("GET", work.path + "/tasks", text: body)
        // Both started in the same second, so the greater id comes first.
        let expected =
            #"{"code":0,"data":[{"task_id":"005036c4b6ba4ebfab9dc4b26895b6g0","work_id":"\#(work.id)","status":0,"#
            + #""started_at":"2021-12-01T16:53:34Z","ended_at":"2021-12-01T17:53:34Z","run_time":3600},"#
            + #"{"task_id":"005036c4b6ba4ebfab9dc4b26895b6f9","work_id":"\#(work.id)","status":3,"#
            + #""started_at":"2021-12-01T16:53:34Z","ended_at":null,"run_time":0}]}"#
        #expect(answer.text == expected)
        let one = try client.call("GET", work.path + "/tasks/005036c4b6ba4ebfab9dc4b26895b6g0")
        #expect(try expectSuccess(one)["run_time"] == 3600)
    }
}
