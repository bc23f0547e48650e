import TestSupport
import Testing

/// Tasks, the runs of a work, over HTTP: creating, changing, reading one.
///
/// `WorksTests` has the rules of every field; here each kind of refusal has one witness.
@Suite(.sharingAStack) struct TaskTests {
    private static let times: Value = ["started_at": "2021-12-01T16:53:34Z", "ended_at": "2021-12-01T17:53:34Z"]

    @Test func createsARunningTask() throws {
        let client = try Shared.client
        let work = try client.create()
        let task = try client.createTask(of: work, ["status": 3])
        #expect(task.id.wholeMatch(of: #/[0-9a-f]{32}/#) != nil)
        #expect(task.answer["Location"] == task.path)
        #expect(task.etag == "\"1\"")
        let expected: Value = [
            "task_id": .string(task.id), "work_id": .string(work.id), "status": 3,
            "started_at": task.data["started_at"],
            "ended_at": nil, "run_time": 0,
        ]
        #expect(task.data == expected)
        #expect(distanceFromNow(task.data["started_at"]) < 10)
        let read = try client.call("GET", task.path)
        #expect(read.body == task.answer.body)
        #expect(read["ETag"] == "\"1\"")
    }

    @Test func createsATaskThatIsOver() throws {
        let client = try Shared.client
        let task = try client.createTask(
            of: try client.create(),
            Self.times.with(["status": "0", "task_id": "run_1-A"])
        )
        #expect(task.id == "run_1-A")
        #expect(task.data["run_time"] == 3600)
        #expect(task.data["status"] == 0)
    }

    @Test func refusesToCreate() throws {
        let client = try Shared.client
        let work = try client.create()
        expectRefusal(400_101, try client.call("POST", work.path + "/tasks", ["status": 8]), saying: "status")
        let unknown = try client.call("POST", work.path + "/tasks", ["status": 1, "run_time": 0])
        expectRefusal(400_102, unknown, saying: "run_time")
        #expect(try client.page(work.path + "/tasks").total == 0)
    }

    @Test func keepsTaskIDsUniqueWithinTheirWork() throws {
        let client = try Shared.client
        let (one, other) = (try client.create(), try client.create())
        let body: Value = ["status": 1, "task_id": "same"]
        let first = try client.createTask(of: one, body)
        expectRefusal(409_100, try client.call("POST", one.path + "/tasks", body.with(["status": 2])), saying: "same")
        let second = try client.createTask(of: other, body.with(["status": 2]))
        #expect(try expectSuccess(try client.call("GET", first.path))["status"] == 1)
        #expect(try expectSuccess(try client.call("GET", second.path))["status"] == 2)
    }

    @Test func usesATaskIDOnceWhenWorkersRace() async throws {
        let stack = try Shared.stack
        let work = try Shared.client.create()
        let answers = try await concurrently(9) { index in
            try stack.worker(index).call(
                "POST",
                work.path + "/tasks",
                ["status": .integer(index % 8), "task_id": "one"]
            )
        }
        #expect(answers.filter { $0.status == 200 }.count == 1)
        for answer in answers where answer.status != 200 { expectRefusal(409_100, answer) }
        #expect(try Shared.client.page(work.path + "/tasks").total == 1)
    }

    @Test func changesATask() throws {
        let client = try Shared.client
        let work = try client.create()
        let task = try client.createTask(of: work, ["status": 1, "started_at": "2021-12-01T16:53:34Z"])
        let answer = try client.call("PATCH", task.path, ["status": 4, "ended_at": "2021-12-01T16:54:34Z"])
        let over = try expectSuccess(answer)
        #expect(over == task.data.with(["status": 4, "ended_at": "2021-12-01T16:54:34Z", "run_time": 60]))
        #expect(answer["ETag"] == "\"2\"")
        #expect(try expectSuccess(try client.call("GET", task.path)) == over)
        #expect(try client.page(work.path + "/tasks?status=1").total == 0)
        #expect(try client.page(work.path + "/tasks?status=4").items == [over])
    }

    @Test func stillCorrectsATaskThatIsOver() throws {
        let client = try Shared.client
        let task = try client.createTask(of: try client.create(), Self.times.with(["status": 1]))
        let changes: Value = ["status": 5, "started_at": "2021-12-01T17:53:33Z", "ended_at": "2021-12-01T17:53:35Z"]
        let data = try expectSuccess(try client.call("PATCH", task.path, changes))
        #expect(data == task.data.with(changes).with(["run_time": 2]))
        expectRefusal(409_101, try client.call("PATCH", task.path, ["ended_at": nil]))
        #expect(try expectSuccess(try client.call("GET", task.path)) == data)
    }

    @Test func acceptsTheWholeTaskAsItWasReadAndWritesNothing() throws {
        let client = try Shared.client
        let work = try client.create()
        for body in [["status": 1], Self.times.with(["status": 2])] as [Value] {
            let task = try client.createTask(of: work, body)
            let answer = try client.call("PATCH", task.path, task.data)
            #expect(try expectSuccess(answer) == task.data)
            #expect(answer["ETag"] == "\"1\"")
        }
    }

    @Test(
        arguments: [
            (400_102, ["run_time": 1]), (400_101, ["ended_at": "2021-12-01T16:53:33Z"]),
        ] as [(Int, Value)]
    )
    func refusesToChange(_ code: Int, _ changes: Value) throws {
        let client = try Shared.client
        let task = try client.createTask(of: try client.create(), Self.times.with(["status": 1]))
        expectRefusal(code, try client.call("PATCH", task.path, changes), saying: changes.keys[0])
        let read = try client.call("GET", task.path)
        #expect(read.data == task.data)
        #expect(read["ETag"] == "\"1\"")
    }

    @Test func knowsNoTaskOfAnotherWork() throws {
        let client = try Shared.client
        let (one, other) = (try client.create(), try client.create())
        let task = try client.createTask(of: one, ["status": 1])
        expectRefusal(404_103, try client.call("GET", other.path + "/tasks/\(task.id)"))
        expectRefusal(404_103, try client.call("PATCH", other.path + "/tasks/\(task.id)", ["status": 1]))
        expectRefusal(404_103, try client.call("GET", one.path + "/tasks/\(unique())"))
    }

    @Test func knowsNoTaskOfAnUnknownWork() throws {
        let client = try Shared.client
        let path = "/api/v1/works/\(unique())/tasks"
        expectRefusal(404_101, try client.call("GET", path))
        expectRefusal(404_101, try client.call("GET", path + "/abc"))
        expectRefusal(404_101, try client.call("POST", path, ["status": 1]))
        expectRefusal(404_101, try client.call("PATCH", path + "/abc", ["status": 1]))
    }
}
