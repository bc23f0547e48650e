import TestSupport
import Testing

/// Cursors: exact among ties and during writes, refused for another list or with any letter changed.
@Suite(.sharingAStack) struct CursorTests {
    private static let orders = ["created_at", "-created_at", "updated_at", "-updated_at"]

    /// Works of one new user, all created in one second, each with its own status.
    private func ties(_ count: Int) async throws -> (user: String, ids: [String]) {
        let user = unique()
        let ids = try await concurrently(4) { thread in
            try (0..<count).filter { $0 % 4 == thread }.map { index in
                try Shared.client.create([
                    "user_id": .string(user), "created_at": "2021-01-01T00:00:00Z",
                    "updated_at": "2021-01-01T00:00:00Z",
                    "status": .integer(index % 3),
                ]).id
            }
        }
        return (user, ids.flatMap { $0 }.sorted())
    }

    private func walk(_ start: String, _ client: (Int) throws -> Client, _ meanwhile: (Int) throws -> Void = { _ in })
        throws -> [String]
    {
        var walked: [String] = []
        var target: String? = start
        var step = 0
        while let here = target, step < 1000 {
            let page = try client(step).page(here)
            walked += page.ids
            target = page.next
            try meanwhile(step)
            step += 1
        }
        #expect(target == nil, "the walk has come to its end")
        return walked
    }

    @Test(arguments: orders) func walksTiesOnAnyWorker(_ order: String) async throws {
        let (user, ids) = try await ties(40)
        let stack = try Shared.stack
        let expected = order.hasPrefix("-") ? ids.reversed() : ids
        for limit in [1, 7, 20, 40, 41] {
            let start = "/api/v1/works?user_id=\(user)&order=\(order)&limit=\(limit)"
            #expect(try walk(start, { stack.worker($0) }) == expected)
        }
        let some = try walk("/api/v1/works?user_id=\(user)&order=\(order)&limit=5&status=0,2", { stack.worker($0) })
        #expect(some.count == 40 - 13)
        #expect(some == expected.filter { some.contains($0) })
    }

    @Test func goesOnWithAnyLimit() async throws {
        let (user, ids) = try await ties(30)
        let list = "/api/v1/works?user_id=\(user)&order=created_at"
        let first = try Shared.client.page(list + "&limit=4")
        let cursor = try #require(first.cursor)
        for limit in [1, 4, 11, 1000] {
            let page = try Shared.client.page(list + "&limit=\(limit)&cursor=\(cursor)")
            #expect(page.ids == Array(ids.dropFirst(4).prefix(limit)))
            #expect(page.total == 30)
        }
        let none = try Shared.client.page(list + "&limit=0&cursor=\(cursor)")
        #expect(none.ids.isEmpty)
        #expect(none.total == 30)
    }

    @Test func goesOnAfterTheWorkItStoodAtIsGone() async throws {
        let client = try Shared.client
        let (user, ids) = try await ties(20)
        let list = "/api/v1/works?user_id=\(user)&order=created_at&limit=5"
        let next = try #require(try client.page(list).next)
        for id in ids[3..<6] { try expectSuccess(try client.call("DELETE", "/api/v1/works/\(id)?purge=true")) }
        #expect(try client.page(next).ids == Array(ids[6..<11]))
    }

    @Test(arguments: orders) func neitherRepeatsNorSkipsUntouchedWorks(_ order: String) async throws {
        let user = unique()
        let client = try Shared.client
        let all = try await concurrently(4) { thread in
            try (0..<25).map { index in
                let second: Value = .string("2021-01-01T00:00:0\(index % 5)Z")
                return try client.create(["user_id": .string(user), "created_at": second, "updated_at": second]).id
            }
        }.flatMap { $0 }
        let (quiet, busy) = (Set(all.prefix(60)), Array(all.dropFirst(60)))
        let isOver = Protected(false)
        let start = "/api/v1/works?user_id=\(user)&order=\(order)&limit=7"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thread in 0..<2 {
                group.addTask {
                    try disturb(user, busy.enumerated().filter { $0.offset % 2 == thread }.map(\.element), isOver)
                }
            }
            defer { isOver.withLock { $0 = true } }
            for _ in 0..<(2 * rounds) {
                let walked = try walk(start, { try Shared.stack.worker($0) }, { _ in pause(.milliseconds(2)) })
                let untouched = walked.filter { quiet.contains($0) }
                #expect(untouched.count == quiet.count, "none repeated")
                #expect(Set(untouched) == quiet, "none skipped")
            }
        }
    }

    @Test func refusesAnotherUse() async throws {
        let client = try Shared.client
        let (user, _) = try await ties(6)
        let list = "/api/v1/works?user_id=\(user)&limit=2"
        let cursor = try #require(try client.page(list).cursor)
        let work = try client.create()
        #expect(
            try client.page(list + "&order=-created_at&cursor=\(cursor)").ids.count == 2,
            "the default order, named"
        )
        let foreign = [
            "/api/v1/works?limit=2", "/api/v1/works?user_id=\(unique())&limit=2", list + "&status=0",
            list + "&status=0,1",
            list + "&run_frequency=once", list + "&order=created_at", list + "&order=-updated_at",
            list + "&deleted=only",
            work.path + "/tasks?limit=2",
        ]
        for target in foreign { expectRefusal(400_106, try client.call("GET", "\(target)&cursor=\(cursor)")) }
    }

    @Test func refusesEveryChangedLetter() async throws {
        let client = try Shared.client
        let (user, _) = try await ties(4)
        let list = "/api/v1/works?user_id=\(user)&limit=2&cursor="
        let cursor = try #require(try client.page(String(list.dropLast("&cursor=".count))).cursor)
        #expect(cursor.wholeMatch(of: #/[A-Za-z0-9_-]+/#) != nil, "needs no escapes")
        for index in cursor.indices {
            var changed = cursor
            changed.replaceSubrange(index...index, with: cursor[index] == "A" ? "B" : "A")
            expectRefusal(400_106, try client.call("GET", list + changed))
        }
        for length in 1..<cursor.count { expectRefusal(400_106, try client.call("GET", list + cursor.prefix(length))) }
        for other in ["x", "%20", "!!!!", cursor + "A", cursor + "=", cursor + cursor, "null", "%E5%AD%97"] {
            expectRefusal(400_106, try client.call("GET", list + other))
        }
    }

    /// Until it is told to stop, changes, deletes and restores these works, and creates and purges others, so that the
    /// list keeps its size.
    private func disturb(_ user: String, _ ids: [String], _ isOver: Protected<Bool>) throws {
        var random = SeededRandom(UInt64(ids.count))
        let client = try Shared.client
        var created: [String] = []
        while !isOver.value {
            let path = "/api/v1/works/\(random.pick(ids))"
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                let second: Value = "2021-01-01T00:00:02Z"
                created.append(try client.create(["user_id": .string(user), "created_at": second]).path)
                if created.count > 50 { _ = try client.call("DELETE", created.removeFirst() + "?purge=true") }
            case 1: _ = try client.call("DELETE", path)
            case 2: _ = try client.call("POST", path + "/restore")
            default: _ = try client.call("PATCH", path, ["name": .string(unique())])
            }
        }
    }
}
