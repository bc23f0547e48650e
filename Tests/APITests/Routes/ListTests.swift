import API
import HTTP
import TestSupport
import Testing

/// Pages of lists: limits, offsets, filters, orders, the trash.
///
/// Cursors and links have their own tests.
@Suite struct ListTests {
    private static let lists = ["/api/v1/works", "/api/v1/works/search"]

    @Test(arguments: lists)
    func tenItemsAreAPage(list: String) async throws {
        try await withService { api in
            for number in 0..<11 { _ = try await api.create(["name": "w\(number)"]) }
            let answer = try await api.call(.get, list)
            #expect(answer.data.items.count == 10)
            #expect(answer["X-Total-Count"] == "11")
            #expect(try await api.call(.get, list + "?limit=11").data.items.count == 11)
        }
    }

    @Test func aThousandTasksAreAPage() async throws {
        try await withService { api in
            let work = try await api.create()
            for _ in 0..<11 { _ = try await api.createTask(of: work) }
            let answer = try await api.call(.get, path(of: work) + "/tasks")
            #expect(answer.data.items.count == 11)
            #expect(answer["X-Total-Count"] == "11")
        }
    }

    @Test(arguments: lists + ["tasks"])
    func aLimitOfZeroGivesTheCountAlone(list: String) async throws {
        try await withService { api in
            let work = try await api.create()
            _ = try await api.createTask(of: work)
            let answer = try await api.call(.get, (list == "tasks" ? path(of: work) + "/tasks" : list) + "?limit=0")
            #expect(answer.data == [])
            #expect(answer["X-Total-Count"] == "1")
            #expect(answer["Link"]?.contains("next") == false)
        }
    }

    @Test func anOffsetCountsPages() async throws {
        try await withService { api in
            let ids = try await Self.works(5, api)
            #expect(try await Self.ids("?limit=2&offset=1", api) == Array(ids[2..<4]))
            #expect(try await Self.ids("?limit=2&offset=2", api) == [ids[4]])
            #expect(try await Self.ids("?limit=2&offset=3", api) == [])
        }
    }

    @Test func anOffsetCountsRowsWhereThatIsSet() async throws {
        try await withService(offsetUnit: .row) { api in
            let ids = try await Self.works(5, api)
            #expect(try await Self.ids("?limit=2&offset=1", api) == Array(ids[1..<3]))
            #expect(try await Self.ids("?limit=2&offset=4", api) == [ids[4]])
        }
    }

    @Test(arguments: [
        "limit=1001", "limit=-1", "limit=x", "offset=-1", "offset=1000000001", "status=8", "status=1,x", "order=name",
        "run_frequency=yearly", "run_frequency=once,", "deleted=yes", "deleted=only&order=created_at",
        "name=\(String(repeating: "n", count: 256))", "description=\(String(repeating: "d", count: 4097))", "name=%00",
        "user_id=\(String(repeating: "u", count: 129))", "cursor=abc&offset=0", "limit=1&limit=1",
        "user_id=%FF", "user_id=%2", "user_id=%00", "cursor=%00",
    ])
    func otherQueriesAreRefused(query: String) async throws {
        try await withService { api in
            expectRefusal(400_103, try await api.call(.get, "/api/v1/works?\(query)"))
        }
    }

    @Test func aSearchHasNoOrder() async throws {
        try await withService { api in
            expectRefusal(400_103, try await api.call(.get, "/api/v1/works/search?order=created_at"))
        }
    }

    @Test func aUnionIsReachedByOffsetUpToTenThousand() async throws {
        try await withService { api in
            for query in [
                "limit=1000&offset=9&status=1,2", "limit=0&offset=9999&status=1,2", "limit=10&offset=999&status=1,2",
            ] {
                #expect(try await api.call(.get, "/api/v1/works?\(query)").code == 0, "\(query)")
            }
            for query in [
                "limit=1000&offset=10&status=1,2", "limit=10&offset=1000&status=1&status=2",
                "limit=10&offset=1000&run_frequency=once,daily",
            ] {
                let answer = try await api.call(.get, "/api/v1/works?\(query)")
                expectRefusal(400_103, answer)
                #expect(answer.json["msg"].string?.contains("cursor") == true)
            }
            // A single value is not a union, even as a list.
            #expect(try await api.call(.get, "/api/v1/works?limit=10&offset=1000&status=1").code == 0)
            #expect(try await api.call(.get, "/api/v1/works?limit=10&offset=1000&status=1,1").code == 0)
            #expect(try await api.call(.get, "/api/v1/works?limit=10&offset=1000&status=1&status=").code == 0)
        }
    }

    @Test func filtersAreJoined() async throws {
        try await withService { api in
            let wanted = try await api.create(["user_id": "张 三", "status": 3, "run_frequency": "daily"])
            _ = try await api.create(["user_id": "张 三", "status": 3])
            _ = try await api.create(["user_id": "张 三", "status": 0, "run_frequency": "daily"])
            _ = try await api.create(["user_id": "张", "status": 3, "run_frequency": "daily"])
            let filters = "user_id=%E5%BC%A0%20%E4%B8%89&status=3&run_frequency=daily"
            #expect(try await Self.ids("?\(filters)", api) == [wanted["work_id"].string])
            #expect(try await api.call(.get, "/api/v1/works?status=0")["X-Total-Count"] == "1")
            #expect(try await api.call(.get, "/api/v1/works?status=0,3")["X-Total-Count"] == "4")
        }
    }

    @Test(arguments: lists)
    func aRepeatedFilterAcceptsAnyOfItsValues(list: String) async throws {
        try await withService { api in
            for (status, frequency) in [(1, "daily"), (2, "once"), (3, "daily"), (4, "weekly")] {
                _ = try await api.create(["status": .integer(status), "run_frequency": .string(frequency)])
            }
            for (query, count) in [
                ("status=1&status=2", "2"), ("status=1,2&status=4", "3"), ("status=4&status=", "1"),
                ("run_frequency=once&run_frequency=daily", "3"),
                ("run_frequency=daily&status=1&run_frequency=once&status=2,3", "3"),
            ] {
                #expect(try await api.call(.get, "\(list)?\(query)")["X-Total-Count"] == count, "\(query)")
            }
        }
    }

    @Test func aRepeatedStatusAcceptsTasksOfAnyOfThem() async throws {
        try await withService { api in
            let work = try await api.create()
            for status in 0..<4 { _ = try await api.createTask(of: work, ["status": .integer(status)]) }
            let answer = try await api.call(.get, path(of: work) + "/tasks?status=0&status=2,3&status=")
            #expect(answer.data.items.compactMap { $0["status"].integer }.sorted() == [0, 2, 3])
        }
    }

    @Test func deletedWorksAreListedInTheTrashOnly() async throws {
        try await withService { api in
            let live = try await api.create()
            let deleted = try await api.create()
            _ = try await api.call(.delete, path(of: deleted))
            #expect(try await Self.ids("", api) == [live["work_id"].string])
            #expect(try await Self.ids("?deleted=exclude", api) == [live["work_id"].string])
            #expect(try await Self.ids("?deleted=only", api) == [deleted["work_id"].string])
        }
    }

    @Test func eachOrderHasItsReverse() async throws {
        try await withService { api in
            let newestFirst = try await Self.works(4, api)
            #expect(try await Self.ids("?order=-created_at", api) == newestFirst)
            #expect(try await Self.ids("?order=created_at", api) == newestFirst.reversed())
            let down = try await Self.ids("?order=-updated_at", api)
            #expect(Set(down) == Set(newestFirst))
            #expect(try await Self.ids("?order=updated_at", api) == down.reversed())
        }
    }

    /// Creates works a minute apart and returns their ids, newest first.
    private static func works(_ count: Int, _ api: ServiceUnderTest) async throws -> [String?] {
        var ids: [String?] = []
        for minute in 0..<count {
            let work = try await api.create(["created_at": "2021-12-01T16:5\(minute):00Z"])
            ids.insert(work["work_id"].string, at: 0)
        }
        return ids
    }

    private static func ids(_ query: String, _ api: ServiceUnderTest) async throws -> [String?] {
        try await api.call(.get, "/api/v1/works" + query).data.items.map { $0["work_id"].string }
    }
}
