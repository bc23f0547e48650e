import TestSupport
import Testing

/// Deleting, restoring and purging works.
@Suite(.sharingAStack) struct TrashTests {
    @Test func hidesADeletedWork() throws {
        let client = try Shared.client
        let user = unique()
        let work = try client.create(["user_id": .string(user), "updated_at": "2021-12-01T16:53:34Z"])
        try client.delete(work)
        expectRefusal(404_102, try client.call("GET", work.path))
        expectRefusal(404_102, try client.call("GET", work.path + "?include_deleted=false"))
        expectRefusal(404_102, try client.call("PATCH", work.path, ["status": 1]))
        expectRefusal(404_102, try client.call("GET", work.path + "/tasks"))
        for list in ["/api/v1/works", "/api/v1/works/search"] {
            #expect(try client.page("\(list)?user_id=\(user)").total == 0)
            #expect(try client.page("\(list)?user_id=\(user)&deleted=exclude").items.isEmpty)
            #expect(try client.page("\(list)?user_id=\(user)&deleted=only").ids == [work.id])
        }
        let shown = try client.work(work.path + "?include_deleted=true")
        #expect(distanceFromNow(shown.data["deleted_at"]) < 10)
        #expect(shown.data == work.data.with(["deleted_at": shown.data["deleted_at"]]), "updated_at stays")
        #expect(shown.etag == "\"2\"")
    }

    @Test func deletesTwiceWithoutAnyChange() throws {
        let client = try Shared.client
        let work = try client.create()
        try client.delete(work)
        let before = try client.work(work.path + "?include_deleted=true")
        try client.delete(work)
        let after = try client.work(work.path + "?include_deleted=true")
        #expect(before.data == after.data)
        #expect(before.etag == after.etag)
    }

    /// As when the clock is set back after a work was created.
    @Test func deletesNoWorkBeforeItsCreation() throws {
        let client = try Shared.client
        let work = try client.create(["created_at": .string(time(fromNow: 240))])
        try client.delete(work)
        let deleted = try client.work(work.path + "?include_deleted=true")
        #expect(deleted.data["deleted_at"] == work.data["created_at"])
        try expectSuccess(try client.call("DELETE", work.path + "?purge=true"))
    }

    @Test func restoresADeletedWork() throws {
        let client = try Shared.client
        let work = try client.create(["updated_at": "2021-12-01T16:53:34Z"])
        try client.delete(work)
        let answer = try client.call("POST", work.path + "/restore")
        #expect(try expectSuccess(answer) == work.data)
        #expect(answer["ETag"] == "\"3\"")
        #expect(try client.work(work.path).data == work.data)
        let user = work.data["user_id"].string ?? ""
        #expect(try client.page("/api/v1/works?user_id=\(user)").ids == [work.id])
        #expect(try client.page("/api/v1/works?user_id=\(user)&deleted=only").total == 0)
    }

    @Test func restoresALiveWorkWithoutAnyChange() throws {
        let client = try Shared.client
        let work = try client.create()
        let answer = try client.call("POST", work.path + "/restore")
        #expect(try expectSuccess(answer) == work.data)
        #expect(answer["ETag"] == work.etag)
    }

    @Test func purgesALiveWork() throws {
        let client = try Shared.client
        let work = try client.create()
        try expectGone(work, after: try client.call("DELETE", work.path + "?purge=true"))
    }

    @Test func purgesADeletedWorkWithItsTasks() throws {
        let client = try Shared.client
        let work = try client.create()
        let task = try client.createTask(of: work, ["status": 1])
        try client.delete(work)
        expectRefusal(404_102, try client.call("GET", task.path))
        try expectGone(work, after: try client.call("DELETE", work.path + "?purge=true"))
        expectRefusal(404_101, try client.call("GET", task.path))
        let traces = try Shared.stack.redis.command("KEYS", "*\(work.id)*")
        #expect(traces == .array([]), "no key names a purged work")
    }

    private func expectGone(_ work: WorkAnswer, after answer: Answer) throws {
        let client = try Shared.client
        try expectSuccess(answer)
        #expect(answer.text == #"{"code":0}"#)
        let user = work.data["user_id"].string ?? ""
        expectRefusal(404_101, try client.call("GET", work.path))
        expectRefusal(404_101, try client.call("GET", work.path + "?include_deleted=true"))
        expectRefusal(404_101, try client.call("PATCH", work.path, ["status": 1]))
        expectRefusal(404_101, try client.call("POST", work.path + "/restore"))
        expectRefusal(404_101, try client.call("DELETE", work.path))
        expectRefusal(404_101, try client.call("DELETE", work.path + "?purge=true"))
        expectRefusal(404_101, try client.call("GET", work.path + "/tasks"))
        #expect(try client.page("/api/v1/works?user_id=\(user)").total == 0)
        #expect(try client.page("/api/v1/works?user_id=\(user)&deleted=only").total == 0)
    }

    @Test func refusesUnknownWorks() throws {
        let client = try Shared.client
        let path = "/api/v1/works/\(unique())"
        expectRefusal(404_101, try client.call("DELETE", path))
        expectRefusal(404_101, try client.call("DELETE", path + "?purge=true"))
        expectRefusal(404_101, try client.call("POST", path + "/restore"))
        expectRefusal(404_101, try client.call("GET", path + "?include_deleted=true"))
    }

    @Test func bringsTasksBackWithTheirWork() throws {
        let client = try Shared.client
        let work = try client.create()
        let task = try client.createTask(of: work, ["status": 2])
        try client.delete(work)
        expectRefusal(404_102, try client.call("GET", task.path))
        expectRefusal(404_102, try client.call("PATCH", task.path, ["status": 3]))
        expectRefusal(404_102, try client.call("POST", work.path + "/tasks", ["status": 1]))
        try expectSuccess(try client.call("POST", work.path + "/restore"))
        #expect(try client.page(work.path + "/tasks").items == [task.data])
    }

    @Test(arguments: ["include_deleted=yes", "include_deleted=1", "include_deleted=TRUE"])
    func refusesOtherWordsThanTrueAndFalse(_ query: String) throws {
        let client = try Shared.client
        let work = try client.create()
        expectRefusal(400_103, try client.call("GET", "\(work.path)?\(query)"), saying: "include_deleted")
        expectRefusal(400_103, try client.call("DELETE", "\(work.path)?purge=maybe"), saying: "purge")
        #expect(try client.work(work.path).data == work.data)
    }
}
