import TestSupport
import Testing

/// Versions: `ETag` out, `If-Match` and `If-None-Match` in.
@Suite(.sharingAStack) struct VersionTests {
    @Test func countsEveryChange() throws {
        let client = try Shared.client
        let work = try client.create()
        #expect(work.etag == "\"1\"")
        #expect(try client.work(work.path).etag == "\"1\"")
        #expect(try client.patch(work, ["status": 1]).etag == "\"2\"")
        try client.delete(work)
        #expect(try client.work(work.path + "?include_deleted=true").etag == "\"3\"")
        #expect(try client.call("POST", work.path + "/restore")["ETag"] == "\"4\"")
        #expect(try client.call("HEAD", work.path)["ETag"] == "\"4\"")
    }

    @Test(arguments: ["\"1\"", "*", "\"7\", \"1\"", "\"1\",\"9\""]) func acceptsTheCurrentVersion(_ tags: String)
        throws
    {
        let client = try Shared.client
        let work = try client.create()
        #expect(try client.patch(work, ["status": 1], headers: ["If-Match": tags]).etag == "\"2\"")
    }

    @Test func refusesAnOldVersion() throws {
        let client = try Shared.client
        let work = try client.create()
        let patched = try client.patch(work, ["status": 1])
        let old = ["If-Match": work.etag]
        expectRefusal(412_100, try client.call("PATCH", work.path, ["status": 2], headers: old))
        expectRefusal(412_100, try client.call("PATCH", work.path, ["status": 1], headers: old))
        expectRefusal(412_100, try client.call("PATCH", work.path, [:], headers: old))
        expectRefusal(412_100, try client.call("DELETE", work.path, headers: old))
        expectRefusal(412_100, try client.call("DELETE", work.path + "?purge=true", headers: old))
        #expect(try client.work(work.path).data == patched.data)
        try expectSuccess(try client.call("DELETE", work.path, headers: ["If-Match": patched.etag]))
        expectRefusal(412_100, try client.call("POST", work.path + "/restore", headers: ["If-Match": patched.etag]))
        try expectSuccess(try client.call("POST", work.path + "/restore", headers: ["If-Match": "\"3\""]))
    }

    @Test func letsOneOfManyChangeOneVersion() async throws {
        let stack = try Shared.stack
        let work = try Shared.client.create()
        let answers = try await concurrently(8) { index in
            try stack.worker(index).call(
                "PATCH",
                work.path,
                ["name": .string("by \(index)")],
                headers: ["If-Match": work.etag]
            )
        }
        #expect(answers.filter { $0.status == 200 }.count == 1)
        for answer in answers where answer.status != 200 { expectRefusal(412_100, answer) }
        #expect(try Shared.client.work(work.path).etag == "\"2\"")
    }

    @Test(arguments: ["\"1\"", "*", "W/\"1\"", "\"7\", \"1\""]) func answers304WhenNothingIsNew(_ tags: String) throws {
        let client = try Shared.client
        let work = try client.create()
        let task = try client.createTask(of: work, ["status": 1])
        for path in [work.path, task.path] {
            let full = try client.call("GET", path)
            for method in ["GET", "HEAD"] {
                let answer = try client.call(method, path, headers: ["If-None-Match": tags])
                #expect(answer["Content-Length"] == full["Content-Length"])
                #expect(answer.status == 304, "\(answer)")
                #expect(answer["ETag"] == "\"1\"")
                #expect(answer["X-Request-Id"] != nil)
                #expect(answer.body.isEmpty)
            }
        }
    }

    @Test func answersInFullWhenSomethingIsNew() throws {
        let client = try Shared.client
        let work = try client.create()
        let answer = try client.call("GET", work.path, headers: ["If-None-Match": "\"2\", \"11\""])
        #expect(try expectSuccess(answer) == work.data)
    }

    @Test func countsTasksForThemselves() throws {
        let client = try Shared.client
        let work = try client.create(["updated_at": "2021-12-01T16:53:34Z"])
        let task = try client.createTask(of: work, ["status": 1])
        #expect(task.etag == "\"1\"")
        let patched = try client.call("PATCH", task.path, ["status": 2], headers: ["If-Match": "\"1\""])
        try expectSuccess(patched)
        #expect(patched["ETag"] == "\"2\"")
        expectRefusal(412_100, try client.call("PATCH", task.path, ["status": 3], headers: ["If-Match": "\"1\""]))
        expectRefusal(412_100, try client.call("PATCH", task.path, ["status": 2], headers: ["If-Match": "\"1\""]))
        #expect(try client.call("PATCH", task.path, ["status": 2])["ETag"] == "\"2\"", "nothing changed")
        let after = try client.work(work.path)
        #expect(after.data == work.data)
        #expect(after.etag == work.etag)
    }
}
