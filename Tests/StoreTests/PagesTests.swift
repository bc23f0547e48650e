import JSON
import Loop
import Redis
import StoreTestSupport
import TestSupport
import Testing
import Works

@testable import Store

/// Pages of lists, whose places are read before the items.
struct PagesTests {
    @Test func goOnWhereTheyEndWithAnyLimit() async throws {
        try await withStore { store in
            let works = await store.works()
            for _ in 0..<230 { _ = try await works.create([]) }
            let all = try await works.list(Filter(), in: .live(.createdDescending), from: .rank(0), limit: 1000)
            #expect(Set(all.items.map(\.id)).count == 230 && all.total == 230 && all.next == nil)
            for limit in [1, 10, 11, 101, 229, 230] {
                var found: [WorkID] = []
                var start: PageStart? = .rank(0)
                while let here = start {
                    let page = try await works.list(
                        Filter(),
                        in: .live(.createdDescending),
                        from: here,
                        limit: limit
                    )
                    #expect(page.items.count <= limit && page.total == 230)
                    found += page.items.map(\.id)
                    start = page.next.map { .after($0) }
                }
                #expect(found == all.items.map(\.id), "in pages of \(limit)")
            }
        }
    }

    /// Between the places and the items, others change the works.
    @Test func haveOnlyWhatPassesTheirFilterWhileWorksChange() async throws {
        try await withStore { store in
            let works = await store.works()
            var ids: [WorkID] = []
            for _ in 0..<12 { ids.append(try await works.create([JSONMember(name: "status", value: .integer(1))]).id) }
            var filter = Filter()
            filter.statuses = [try #require(Status(1))]
            let (wanted, changing) = (filter, ids)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in changing {
                    group.addTask {
                        for number in 0..<100 {
                            _ = try await works.patch(
                                id,
                                [JSONMember(name: "status", value: .integer(1 + number % 2))]
                            )
                        }
                    }
                }
                for order in [Order.createdDescending, .updatedAscending] {
                    group.addTask {
                        for _ in 0..<150 {
                            let page = try await works.list(wanted, in: .live(order), from: .rank(0), limit: 12)
                            for work in page.items {
                                var json = JSONWriter()
                                work.write(to: &json)
                                #expect(String(decoding: json.bytes, as: UTF8.self).contains("\"status\":1,"))
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func passOverWhatIsNoWork() async throws {
        try await withStore { store in
            let works = await store.works()
            let first = try await works.create([])
            let second = try await works.create([])
            let index = Keys.index(.created, userID: nil, status: nil, frequency: nil)
            _ = try await store.redis.send(Command("ZADD", index, String(first.createdAt.seconds), "nobody"))
            let page = try await works.list(Filter(), in: .live(.createdAscending), from: .rank(0), limit: 10)
            #expect(Set(page.items.map(\.id)) == [first.id, second.id])
            #expect(page.total == 3)
        }
    }
}
