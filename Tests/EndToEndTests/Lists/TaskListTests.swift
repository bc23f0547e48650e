import TestSupport
import Testing

/// Lists of tasks against a model, and what their queries may contain.
@Suite(.sharingAStack) struct TaskListTests {
    @Test func everyCombinationAgreesWithTheModel() throws {
        let client = try Shared.client
        let work = try client.create()
        var random = SeededRandom(3)
        let tasks = try makeTasks(client, work, &random)
        for statuses in [[], [0], [1], [6], [0, 1], [3, 2, 1], [6, 7]] {
            let expected = tasks.filter { statuses.isEmpty || statuses.contains($0["status"].integer ?? -1) }
            for limit in [0, 1, 2, 5, 13, 1000] {
                // A list may be written in one parameter and in several.
                let filter =
                    limit == 13
                    ? statuses.map { "&status=\($0)" }.joined()
                    : "&status=" + statuses.map(String.init).joined(separator: ",")
                let list = work.path + "/tasks?limit=\(limit)\(filter)"
                for offset in 0..<4 {
                    let page = try client.page(list + "&offset=\(offset)")
                    #expect(page.items == Array(expected.dropFirst(limit * offset).prefix(limit)), "\(list) \(offset)")
                    #expect(page.total == expected.count)
                }
                if limit > 0 { #expect(try walk(list) == expected, "\(list) by cursors") }
            }
        }
        #expect(try client.page(work.path + "/tasks").items == tasks, "all of them unless asked otherwise")
    }

    /// Tasks with many ties, some changed since, in the order of the list.
    private func makeTasks(_ client: Client, _ work: WorkAnswer, _ random: inout SeededRandom) throws -> [Value] {
        func start() -> Value { .string("2021-01-01T00:00:0\(random.pick([0, 1, 2])).\(random.pick([1, 5, 9]))Z") }
        var tasks: [Value] = []
        for _ in 0..<40 {
            var body: Value = ["status": .integer(random.pick([0, 1, 2, 3])), "started_at": start()]
            if random.chance(0.4) { body = body.with(["ended_at": "2021-01-01T00:01:00Z"]) }
            if random.chance(0.3) {
                body = body.with(["task_id": .string("run-\(random.pick(["a", "B", "_"]))\(tasks.count)")])
            }
            let task = try client.createTask(of: work, body)
            guard random.chance(0.3) else {
                tasks.append(task.data)
                continue
            }
            let change: Value = ["status": .integer(random.pick([0, 1, 5])), "started_at": start()]
            tasks.append(try expectSuccess(try client.call("PATCH", task.path, change)))
        }
        func key(_ task: Value) -> (String, String) { (task["started_at"].string ?? "", task["task_id"].string ?? "") }
        return tasks.sorted { key($0) > key($1) }
    }

    private func walk(_ start: String) throws -> [Value] {
        var walked: [Value] = []
        var target: String? = start
        while let here = target, walked.count <= 100 {
            let page = try Shared.client.page(here)
            walked += page.items
            target = page.next
        }
        return walked
    }

    @Test func givesAnEmptyList() throws {
        let client = try Shared.client
        let page = try client.page(try client.create().path + "/tasks")
        #expect(page.answer.text == #"{"code":0,"data":[]}"#)
        #expect(page.total == 0)
        #expect(page.next == nil)
    }

    @Test func keepsTheTasksOfEachWorkApart() throws {
        let client = try Shared.client
        let (one, other) = (try client.create(), try client.create())
        let first = try client.createTask(of: one, ["status": 1])
        let second = try client.createTask(of: other, ["status": 1])
        #expect(try client.page(one.path + "/tasks").items == [first.data])
        #expect(try client.page(other.path + "/tasks?status=1").items == [second.data])
    }

    @Test(arguments: [
        "limit=1001", "limit=-1", "limit=x", "offset=-1", "status=8", "status=x", "order=started_at", "user_id=x",
        "deleted=only",
        "run_frequency=once", "work_id=x", "status=1&status=x", "offset=0&cursor=x", "status=0,1&limit=1000&offset=10",
    ])
    func refuses(_ query: String) throws {
        let client = try Shared.client
        expectRefusal(400_103, try client.call("GET", try client.create().path + "/tasks?\(query)"))
    }

    @Test func refusesForeignCursors() throws {
        let client = try Shared.client
        let (one, other) = (try client.create(), try client.create())
        for work in [one, other] { for _ in 0..<3 { _ = try client.createTask(of: work, ["status": 1]) } }
        let cursor = try #require(try client.page(one.path + "/tasks?limit=1").cursor)
        #expect(try client.page(one.path + "/tasks?limit=2&cursor=\(cursor)").taskIDs.count == 2)
        for target in [other.path + "/tasks?limit=1", one.path + "/tasks?limit=1&status=1", "/api/v1/works?limit=1"] {
            expectRefusal(400_106, try client.call("GET", "\(target)&cursor=\(cursor)"))
        }
        expectRefusal(400_106, try client.call("GET", one.path + "/tasks?cursor=A\(cursor.dropFirst())A"))
    }

    @Test func ignoresTheBodyOfTheRequest() throws {
        let client = try Shared.client
        let work = try client.create()
        let task = try client.createTask(of: work, ["status": 1])
        for body in [#"{"work_id":"other",}"#, "{nonsense", "", "\u{0}"] {
            let answer = try client.call("GET", work.path + "/tasks", text: body)
            #expect(try expectSuccess(answer) == [task.data])
        }
    }
}
