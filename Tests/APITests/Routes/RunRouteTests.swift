import HTTP
import TestSupport
import Testing

/// The tasks of a work, with the headers that go with them.
@Suite struct RunRouteTests {
    @Test func aCreatedTaskIsLocatedAndTagged() async throws {
        try await withService { api in
            let work = try await api.create()
            let created = try await api.call(.post, path(of: work) + "/tasks", ["status": "3", "task_id": "run-1"])
            #expect(created["Location"] == path(of: work) + "/tasks/run-1")
            #expect(created["ETag"] == #""1""#)
            #expect(created.data["status"] == 3)
            #expect(created.data["ended_at"] == .null)
            #expect(created.data["run_time"] == 0)
            let read = try await api.call(.get, path(of: work) + "/tasks/run-1")
            #expect(read.data == created.data)
            let known = try await api.call(.get, path(of: work) + "/tasks/run-1") { $0.fields.ifNoneMatch = #""1""# }
            #expect(known.status == 304)
        }
    }

    @Test func aTaskIDIsUniqueWithinItsWork() async throws {
        try await withService { api in
            let work = try await api.create()
            let other = try await api.create()
            let draft: Value = ["status": 1, "task_id": "t"]
            #expect(try await api.call(.post, path(of: work) + "/tasks", draft).code == 0)
            expectRefusal(409_100, try await api.call(.post, path(of: work) + "/tasks", draft))
            expectRefusal(404_103, try await api.call(.get, path(of: other) + "/tasks/t"))
            #expect(try await api.call(.post, path(of: other) + "/tasks", draft).code == 0)
        }
    }

    @Test func aTaskThatIsOverStaysOver() async throws {
        try await withService { api in
            let work = try await api.create()
            _ = try await api.createTask(of: work, ["status": 1, "task_id": "t", "started_at": "2021-12-01T16:53:34Z"])
            let target = path(of: work) + "/tasks/t"
            let over = try await api.call(.patch, target, ["ended_at": "2021-12-01T17:53:34Z"])
            #expect(over.data["run_time"] == 3600)
            #expect(over["ETag"] == #""2""#)
            expectRefusal(409_101, try await api.call(.patch, target, ["ended_at": nil]))
            expectRefusal(400_101, try await api.call(.patch, target, ["ended_at": "2021-12-01T16:53:33Z"]))
            let corrected = try await api.call(.patch, target, ["status": 2, "started_at": "2021-12-01T17:53:33Z"])
            #expect(corrected.data["run_time"] == 1)
            #expect(try await api.call(.patch, target, corrected.data)["ETag"] == corrected["ETag"])
        }
    }

    @Test func aConditionIsAboutTheTask() async throws {
        try await withService { api in
            let work = try await api.create()
            _ = try await api.createTask(of: work, ["status": 1, "task_id": "t"])
            _ = try await api.call(.patch, path(of: work), ["status": 1])
            let target = path(of: work) + "/tasks/t"
            let refused = try await api.call(.patch, target, ["status": 2]) { $0.fields.ifMatch = #""2""# }
            expectRefusal(412_100, refused)
            let changed = try await api.call(.patch, target, ["status": 2]) { $0.fields.ifMatch = #""1""# }
            #expect(changed["ETag"] == #""2""#)
        }
    }

    @Test func writingATaskLeavesItsWorkAlone() async throws {
        try await withService { api in
            let work = try await api.create()
            _ = try await api.createTask(of: work, ["status": 1, "task_id": "t"])
            _ = try await api.call(.patch, path(of: work) + "/tasks/t", ["status": 2])
            let read = try await api.call(.get, path(of: work))
            #expect(read.data == work)
            #expect(read["ETag"] == #""1""#)
        }
    }

    @Test func theNewestStartComesFirst() async throws {
        try await withService { api in
            let work = try await api.create()
            for (id, minute) in [("a", 10), ("c", 30), ("b", 20), ("d", 30)] {
                _ = try await api.createTask(
                    of: work,
                    ["status": 1, "task_id": .string(id), "started_at": "2021-12-01T16:\(minute):00Z"]
                )
            }
            let answer = try await api.call(.get, path(of: work) + "/tasks")
            #expect(answer.data.items.map { $0["task_id"].string } == ["d", "c", "b", "a"])
        }
    }

    @Test func tasksAreFilteredByStatus() async throws {
        try await withService { api in
            let work = try await api.create()
            for status in [0, 1, 1, 2] { _ = try await api.createTask(of: work, ["status": .integer(status)]) }
            for (query, count) in [("", 4), ("status=0", 1), ("status=1", 2), ("status=1,2", 3), ("status=7", 0)] {
                let answer = try await api.call(.get, path(of: work) + "/tasks?\(query)")
                #expect(answer["X-Total-Count"] == String(count), "\(query)")
                #expect(answer.data.items.count == count)
            }
        }
    }
}
