import TestSupport
import Testing

/// Changing a work: an absent key keeps its field, null clears it, a read-only key must repeat its value.
///
/// `WorksTests` has the rules of every field; here each kind of refusal has one witness.
@Suite(.sharingAStack) struct PatchTests {
    private static let old: Value = ["created_at": "2021-12-01T16:53:34.5Z", "updated_at": "2021-12-01T16:53:35Z"]

    /// A work with every field set, last changed long ago.
    private func full(_ client: Client) throws -> WorkAnswer {
        try client.create(
            Self.old.with([
                "lambda_id": "l", "status": 4, "work_directory": "/w", "main_class_name": "M",
                "extra_params": ["a", "b"],
                "java_version": "17", "run_frequency": "weekly",
            ])
        )
    }

    @Test(
        arguments: [
            ("user_id", "other"), ("name", "other"), ("description", "other"), ("status", 7), ("lambda_id", "other"),
            ("work_directory", "/other"), ("main_class_name", "Other"), ("extra_params", ["c"]), ("java_version", "21"),
            ("run_frequency", "daily"),
        ] as [(String, Value)]
    )
    func changesOneFieldAndKeepsTheRest(_ field: String, _ value: Value) throws {
        let client = try Shared.client
        let work = try full(client)
        let patched = try client.patch(work, .object([.init(field, value)]))
        let expected = work.data.with(.object([.init(field, value)])).with(["updated_at": patched.data["updated_at"]])
        #expect(patched.data == expected)
        #expect(distanceFromNow(patched.data["updated_at"]) < 10)
        #expect(patched.etag == "\"2\"")
        #expect(try client.work(work.path).data == expected)
    }

    @Test(arguments: [
        "lambda_id", "description", "work_directory", "main_class_name", "extra_params", "java_version",
        "run_frequency",
    ])
    func clearsWithNull(_ field: String) throws {
        let client = try Shared.client
        let work = try full(client)
        let patched = try client.patch(work, .object([.init(field, .null)]))
        #expect(patched.data[field] == .null)
        #expect(try client.work(work.path).data[field] == .null)
    }

    @Test func refusesToClearARequiredField() throws {
        let client = try Shared.client
        let work = try full(client)
        expectRefusal(400_101, try client.call("PATCH", work.path, ["name": nil]), saying: "name")
        #expect(try client.work(work.path).etag == work.etag)
    }

    @Test func acceptsABlankDescriptionAsItWasRead() throws {
        let client = try Shared.client
        let work = try client.create(["description": ""])
        let patched = try client.patch(work, ["description": nil, "status": 1])
        #expect(patched.data["description"] == .null)
        #expect(patched.data["status"] == 1)
        #expect(try client.patch(work, ["description": "filled"]).data["description"] == "filled")
        #expect(try client.patch(work, ["description": ""]).data["description"] == .null)
    }

    @Test func refusesTheWholePatchForOneBadField() throws {
        let client = try Shared.client
        let work = try client.create()
        expectRefusal(400_101, try client.call("PATCH", work.path, ["name": "good", "status": 9]))
        #expect(try client.work(work.path).data == work.data)
    }

    @Test func acceptsTheWholeWorkAsItWasRead() throws {
        let client = try Shared.client
        let work = try full(client)
        let patched = try client.patch(work, work.data.with(["name": "edited"]))
        #expect(patched.data == work.data.with(["name": "edited", "updated_at": patched.data["updated_at"]]))
    }

    @Test func acceptsReadOnlyTimesThatReadTheSame() throws {
        let client = try Shared.client
        let work = try full(client)
        let same: Value = ["created_at": "2021-12-02T00:53:34.9+08:00", "updated_at": "2021-12-01T16:53:35Z"]
        #expect(try client.patch(work, same.with(["deleted_at": nil])).etag == work.etag)
    }

    @Test(arguments: [("type", "BATCH"), ("nonsense", 1)] as [(String, Value)])
    func refusesReadOnlyAndUnknownKeys(_ field: String, _ value: Value) throws {
        let client = try Shared.client
        let work = try full(client)
        let answer = try client.call("PATCH", work.path, .object([.init(field, value)]))
        expectRefusal(400_102, answer, saying: field)
        #expect(try client.work(work.path).data == work.data)
    }

    @Test func writesNothingWhenNothingChanges() throws {
        let client = try Shared.client
        let work = try full(client)
        let idle: [Value] = [
            [:], work.data, ["status": "4"], ["status": 4], ["extra_params": ["a", "b"]], ["name": "a work"],
        ]
        for patch in idle {
            let patched = try client.patch(work, patch)
            #expect(patched.data == work.data, "\(patch)")
            #expect(patched.etag == work.etag, "\(patch)")
        }
    }

    @Test func movesTheWorkBetweenLists() throws {
        let client = try Shared.client
        let (a, b) = (unique(), unique())
        let work = try client.create(["user_id": .string(a), "status": 1, "run_frequency": "once"])
        try client.patch(work, ["user_id": .string(b), "status": 2, "run_frequency": nil])
        #expect(try client.page("/api/v1/works?user_id=\(a)").total == 0)
        #expect(try client.page("/api/v1/works?user_id=\(a)&status=1").total == 0)
        #expect(try client.page("/api/v1/works?user_id=\(b)&status=1").total == 0)
        #expect(try client.page("/api/v1/works?user_id=\(b)&run_frequency=once").total == 0)
        #expect(try client.page("/api/v1/works?user_id=\(b)&status=2").ids == [work.id])
    }

    @Test func refusesUnknownWorks() throws {
        let client = try Shared.client
        expectRefusal(404_101, try client.call("PATCH", "/api/v1/works/\(unique())", ["name": "x"]))
        let work = try client.create()
        try client.delete(work)
        expectRefusal(404_102, try client.call("PATCH", work.path, ["name": "x"]))
    }
}
