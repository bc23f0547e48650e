import HTTP
import Store
import StoreTestSupport
import TestSupport
import Testing
import Works

@testable import API

/// The links of a list, and the cursors in them.
@Suite struct LinkTests {
    @Test func theNextPageIsLinkedWhileThereIsOne() async throws {
        try await withService { api in
            for _ in 0..<3 { _ = try await api.create() }
            let two = Links(try await api.call(.get, "/api/v1/works?limit=2"))
            #expect(two.next?.hasPrefix("/api/v1/works?limit=2&cursor=") == true)
            #expect(two.first == "/api/v1/works?limit=2")
            #expect(Links(try await api.call(.get, "/api/v1/works?limit=3")).next == nil)
            #expect(Links(try await api.call(.get, "/api/v1/works?limit=0")).next == nil)
            let all = Links(try await api.call(.get, "/api/v1/works"))
            #expect(all.next == nil)
            #expect(all.first == "/api/v1/works")
        }
    }

    @Test func aLinkRepeatsTheFiltersInOneForm() async throws {
        try await withService { api in
            for status in [1, 2] { _ = try await api.create(["user_id": "a&b=张", "status": .integer(status)]) }
            let query = "order=updated_at&run_frequency=&limit=1&status=2,1,1&user_id=a%26b%3D%E5%BC%A0"
            let links = Links(try await api.call(.get, "/api/v1/works?\(query)"))
            let filters = "user_id=a%26b%3D%E5%BC%A0&status=1%2C2&order=updated_at&limit=1"
            #expect(links.first == "/api/v1/works?\(filters)")
            #expect(links.next?.hasPrefix("/api/v1/works?\(filters)&cursor=") == true)
            let next = try await api.call(.get, try #require(links.next))
            #expect(next.data.items.count == 1)
            #expect(next["X-Total-Count"] == "2")
        }
    }

    @Test(arguments: ["status=2,1", "status=1&status=2", "status=2&limit=1&status=1,2&status="])
    func everyFormOfAListHasTheSameLinksAndCursors(query: String) async throws {
        try await withService { api in
            for status in [1, 2, 3] {
                let time = Value.string("2021-12-01T16:53:0\(status)Z")
                _ = try await api.create(["status": .integer(status), "created_at": time])
            }
            let page = try await api.call(.get, "/api/v1/works?\(query.contains("limit") ? query : query + "&limit=1")")
            let links = Links(page)
            #expect(page["X-Total-Count"] == "2")
            #expect(links.first == "/api/v1/works?status=1%2C2&limit=1")
            let cursor = try #require(links.next?.split(separator: "cursor=").last)
            let next = try await api.call(.get, "/api/v1/works?status=1&status=2&cursor=\(cursor)")
            #expect(next.data.items.map { $0["status"] } == [1])
        }
    }

    @Test(arguments: [
        "/api/v1/works?limit=2", "/api/v1/works/search?limit=3", "/api/v1/works?limit=1&order=updated_at",
        "/api/v1/works?limit=2&status=0,1,2&run_frequency=daily,hourly", "/api/v1/works?limit=2&deleted=only",
        "/api/v1/works/search?limit=2&name=COUNT", "/api/v1/works/search?limit=2&name=words&deleted=only",
        "/api/v1/works?limit=2&name=count%20words&order=created_at",
        "/api/v1/works/search?limit=1&name=nt&status=0,1,2",
    ])
    func followingTheLinksMeetsEveryWorkOnce(list: String) async throws {
        try await withService { api in
            for number in 0..<9 {
                _ = try await api.create([
                    "status": .integer(number % 3), "run_frequency": number % 2 == 0 ? "daily" : "hourly",
                    "created_at": "2021-12-01T16:53:34Z", "deleted_at": number < 4 ? "2021-12-01T16:53:34Z" : nil,
                ])
            }
            let whole = try await api.call(.get, list.replacing(/limit=\d/, with: "limit=100"))
            var met: [Value] = []
            var next: String? = list
            while let target = next, met.count <= 9 {
                let page = try await api.call(.get, target)
                met += page.data.items
                next = Links(page).next
            }
            #expect(met == whole.data.items)
            #expect(met.count == (list.contains("only") ? 4 : 5))
        }
    }

    @Test func theTasksAreLinkedInTheSameWay() async throws {
        try await withService { api in
            let work = try await api.create()
            for number in 0..<5 {
                _ = try await api.createTask(of: work, ["status": 3, "task_id": .string("t\(number)")])
            }
            var met: [String] = []
            var next: String? = path(of: work) + "/tasks?limit=2&status=3"
            while let target = next, met.count <= 5 {
                let page = try await api.call(.get, target)
                met += page.data.items.compactMap { $0["task_id"].string }
                next = Links(page).next
            }
            #expect(met.sorted() == ["t0", "t1", "t2", "t3", "t4"])
        }
    }

    @Test func aCursorIsValidOnlyForItsList() async throws {
        try await withService { api in
            let work = try await api.create()
            for number in 0..<2 {
                _ = try await api.create(["status": 1])
                _ = try await api.createTask(of: work, ["status": 1, "task_id": .string("t\(number)")])
            }
            let links = Links(try await api.call(.get, "/api/v1/works?status=1&limit=1"))
            let cursor = try #require(links.cursor)
            for query in [
                "status=1", "status=1&limit=1000", "status=1,1", "status=1&order=-created_at", "status=1&deleted=",
            ] {
                #expect(try await api.call(.get, "/api/v1/works?\(query)&cursor=\(cursor)").code == 0, "\(query)")
            }
            let others = [
                "/api/v1/works?", "/api/v1/works?status=2", "/api/v1/works?status=1,2",
                "/api/v1/works?status=1&user_id=ann",
                "/api/v1/works?status=1&order=created_at", "/api/v1/works?status=1&deleted=only",
                "/api/v1/works/search?status=1", path(of: work) + "/tasks?status=1",
            ]
            for other in others {
                expectRefusal(400_106, try await api.call(.get, "\(other)&cursor=\(cursor)"))
            }
        }
    }

    @Test func aCursorCannotBeForged() async throws {
        try await withService { api in
            for _ in 0..<2 { _ = try await api.create() }
            let cursor = try #require(Links(try await api.call(.get, "/api/v1/works?limit=1")).cursor)
            var forgeries = [
                "x", "AAAA", String(repeating: "A", count: cursor.count), cursor + "A", String(cursor.dropLast()),
            ]
            forgeries += ["%F0%9F%98%80", cursor + "=", String(repeating: "A", count: 5000)]
            for index in [0, cursor.count / 2, cursor.count - 3] {
                var characters = Array(cursor)
                characters[index] = characters[index] == "A" ? "B" : "A"
                forgeries.append(String(characters))
            }
            for forgery in forgeries {
                expectRefusal(400_106, try await api.call(.get, "/api/v1/works?cursor=\(forgery)"))
            }
        }
    }

    @Test func anyWorkerOfTheStoreAcceptsACursor() async throws {
        let address = try TestRedis.newDatabase()
        try await TestRedis.install(address)
        var next: String?
        try await withService(over: address) { api in
            try await until("the store is usable") { await api.connection.isUsable }
            for _ in 0..<2 { _ = try await api.create() }
            next = Links(try await api.call(.get, "/api/v1/works?limit=1")).next
        }
        let target = try #require(next)
        try await withService(over: address) { api in
            try await until("the store is usable") { await api.connection.isUsable }
            #expect(try await api.call(.get, target).data.items.count == 1)
        }
    }
}

/// The links of an answer, parsed by RFC 8288.
struct Links {
    let first: String?
    let next: String?

    init(_ answer: Answer) {
        var targets: [String: String] = [:]
        for link in (answer["Link"] ?? "").split(separator: ", ") {
            guard let match = link.wholeMatch(of: /<([^>]*)>; rel="(\w+)"/) else { continue }
            targets[String(match.output.2)] = String(match.output.1)
        }
        first = targets["first"]
        next = targets["next"]
    }

    var cursor: String? {
        next?.firstMatch(of: /cursor=([^&]*)/).map { String($0.output.1) }
    }
}
