import TestSupport
import Testing

/// A store that an earlier version wrote: everything in it is found, and everything that version issued is accepted.
///
/// The dump has schema 1, the made-up works of `worksctl generate --count 300 --seed 9`, and two works made through the
/// API: ``order`` with a task, both idempotency records kept for ever, and ``trashed``. It is never made again: it
/// stands for the stores in use, so a test that fails here is an incompatibility.
@Suite(.startingProcesses) struct OlderStoreTests {
    private static let order = "/api/v1/works/a80b5e3a3bffff00a2d588eebe7271d8"
    private static let trashed = "/api/v1/works/3d49d4198e39e9fa4a550b24ec21e570"
    private static let secret = "000102030405060708090a0b0c0d0e0f"

    /// Runs a test on the store, as `worksctl install` of this version leaves it.
    private func withStore(_ test: @Sendable (Stack, Client) throws -> Void) async throws {
        var options = Stack.Options.oneWorker
        options.dump = "Tests/Fixtures/store-1.rdb.gz"
        try await Stack.with(options) { stack in try test(stack, stack.worker(0)) }
    }

    private func expectVerified(_ stack: Stack, works: Int, tasks: Int) throws {
        let (ending, output) = try stack.worksctl("verify")
        #expect(ending == .exited(0), "\(output)")
        #expect(output.hasPrefix("\(works) works, \(tasks) tasks, "), "\(output)")
        #expect(output.contains(" 0 differences"), "\(output)")
    }

    @Test func installKeepsWhatIsStored() async throws {
        try await withStore { stack, _ in
            #expect(try stack.redis.command("HGET", "{0}:schema", "cursor_key") == .text(Self.secret))
            try expectVerified(stack, works: 302, tasks: 117)
            let marker = try stack.redis.command("HMGET", "{0}:schema", "version", "cursor_key", "instance").texts
            #expect(marker.count == 3, "that version drew no instance")
            try stack.install()
            let again = try stack.redis.command("HMGET", "{0}:schema", "version", "cursor_key", "instance").texts
            #expect(again == marker)
        }
    }

    /// Workers of the older version go on calling their own functions until they are replaced.
    @Test func installKeepsTheFunctionsOfOlderWorkers() async throws {
        try await withStore { stack, _ in
            let reply = try stack.redis.command("FCALL_RO", "works_1_places", "1", "{0}:none", "desc", "0", "", "1")
            #expect(reply == .array([]))
        }
    }

    /// Each query with the number of its items, its limit, and the cursor that came with its first page.
    @Test(arguments: [
        ("/api/v1/works?", 291, 3, "-5zSdardomVBxtesfMoKpgAAAABhz9-TNjA5OTBjMjhhODM2ODU0MzUyMWVkMzJjMjZiMWFjMjM"),
        (
            "/api/v1/works/search?name=%E8%AE%A2%E5%8D%95&", 7, 2,
            "l9KDfHNICx9f3XHSs_CVFgAAAAAAAADcNDk3YjI4ZGJjMjM4M2FlY2FiN2FlMDg2ZmEzNWYzNzQ"
        ),
        (
            "/api/v1/works?deleted=only&", 11, 1,
            "P6FTWAKh3j3cnQLennYEbAAAAABrCtacM2Q0OWQ0MTk4ZTM5ZTlmYTRhNTUwYjI0ZWMyMWU1NzA"
        ),
        (
            "/api/v1/works?status=1,2&order=updated_at&", 49, 2,
            "IG2RqkY588SU5QvkIAmahQAAAABh0mdTYmM4ZDFhNzMwNjMyZDZhNzQwMzY2YjgxNWYxZDE3M2M"
        ),
    ])
    func aCursorContinuesItsList(query: String, total: Int, limit: Int, cursor: String) async throws {
        try await withStore { _, client in
            let both = try client.page("\(query)limit=\(2 * limit)")
            #expect(both.total == total)
            #expect(both.ids.count == 2 * limit)
            let second = try client.page("\(query)limit=\(limit)&cursor=\(cursor)")
            #expect(second.total == total)
            #expect(second.ids == Array(both.ids[limit...]))
        }
    }

    @Test func aCreateIsReplayedWithItsFirstResult() async throws {
        let body = """
            {"user_id":"ann","name":"ＡＢＣ 订单同步: 100%","description":"é vs é","type":"BATCH","category":"FLNK_JAR",\
            "extra_params":["-D a","x,y"],"run_frequency":"hourly","status":1,"lambda_id":"l-1","work_directory":"/d",\
            "main_class_name":"M","java_version":"17","created_at":"2024-01-02T03:04:05.678Z",\
            "updated_at":"2024-02-02T03:04:05.999Z"}
            """
        try await withStore { _, client in
            let answer = try client.call("POST", "/api/v1/works", text: body, headers: ["Idempotency-Key": "order-42"])
            let data = try expectSuccess(answer)
            #expect(answer["Idempotency-Replayed"] == "true")
            #expect(answer["ETag"] == "\"1\"")
            #expect("/api/v1/works/\(data["work_id"].string ?? "")" == Self.order)
            #expect(data["status"] == 1)
            #expect(data["description"] == "é vs é")
            let current = try client.work(Self.order)
            #expect(current.etag == "\"2\"")
            #expect(current.data["status"] == 2)
            #expect(current.data["description"] == "改")
        }
    }

    @Test func aTaskIsReplayedWithItsFirstResult() async throws {
        let body = #"{"task_id":"t1","status":1,"started_at":"2024-03-01T00:00:00Z"}"#
        try await withStore { _, client in
            let tasks = Self.order + "/tasks"
            let answer = try client.call("POST", tasks, text: body, headers: ["Idempotency-Key": "run-1"])
            #expect(try expectSuccess(answer)["status"] == 1)
            #expect(answer["Idempotency-Replayed"] == "true")
            #expect(try client.page(tasks).taskIDs == ["t1"])
        }
    }

    /// The index of whole texts holds tags made with the store's secret, which both versions must compute alike.
    @Test func aWorkIsFoundByPartsOfItsTextsAndByAllOfThem() async throws {
        let queries = [
            "/search?name=abc", "/search?name=%E8%AE%A2%E5%8D%95&user_id=ann", "?user_id=ann&run_frequency=hourly",
            "?name=" + encoded("ＡＢＣ 订单同步: 100%"), "?user_id=ann&description=" + encoded("改"),
        ]
        try await withStore { _, client in
            for query in queries {
                let page = try client.page("/api/v1/works" + query)
                #expect(page.ids.map { "/api/v1/works/" + $0 } == [Self.order], "\(query)")
            }
            #expect(try client.page("/api/v1/works?name=abc").total == 0, "a part is not the whole")
            #expect(try client.page("/api/v1/works?deleted=only&user_id=" + encoded("a:b%c")).total == 1)
        }
    }

    @Test func worksCanBeChangedRestoredAndPurged() async throws {
        try await withStore { stack, client in
            let newest = try client.page("/api/v1/works?limit=1").ids[0]
            let name = unique()
            let patched = try client.call("PATCH", "/api/v1/works/\(newest)", ["name": .string(name)])
            #expect(try expectSuccess(patched)["name"] == .string(name))
            #expect(try client.page("/api/v1/works?name=\(name)").ids == [newest])
            #expect(try client.page("/api/v1/works/search?name=\(name.dropFirst())").ids == [newest])

            let restored = try expectSuccess(try client.call("POST", Self.trashed + "/restore"))
            #expect(restored["user_id"] == "a:b%c")
            #expect(try client.page("/api/v1/works?user_id=" + encoded("a:b%c")).total == 1)

            try expectSuccess(try client.call("DELETE", Self.order + "?purge=true"))
            expectRefusal(404_101, try client.call("GET", Self.order))
            #expect(try client.page("/api/v1/works?limit=0").total == 291)
            #expect(try client.page("/api/v1/works?limit=0&deleted=only").total == 10)
            try expectVerified(stack, works: 301, tasks: 116)
        }
    }
}
