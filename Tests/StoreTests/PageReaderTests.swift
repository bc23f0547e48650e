import JSON
import Loop
import Redis
import StoreTestSupport
import TestSupport
import Testing
import Works

@testable import Store

/// Pages of lists, whose positions are read before the items.
struct PageReaderTests {
    @Test func continueWhereTheyEndWithAnyLimit() async throws {
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

    /// Others change the works between the reading of the positions and that of the items.
    @Test func holdWhatStaysAndOnlyWhatPassesTheFilterWhileWorksChange() async throws {
        try await withStore { store in
            let works = await store.works()
            var (changing, staying): ([WorkID], Set<WorkID>) = ([], [])
            for number in 0..<24 {
                let id = try await works.create([JSONMember(name: "status", value: .integer(1))]).id
                if number % 2 == 0 { changing.append(id) } else { staying.insert(id) }
            }
            var filter = Filter()
            filter.statuses = [try #require(Status(1))]
            let (wanted, all) = (filter, staying)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in changing {
                    group.addTask {
                        for number in 0..<100 {
                            let status = JSONMember(name: "status", value: .integer(1 + number % 2))
                            _ = try await works.patch(id, [status])
                        }
                    }
                }
                for order in [Order.createdDescending, .updatedAscending] {
                    group.addTask {
                        for _ in 0..<150 {
                            let page = try await works.list(wanted, in: .live(order), from: .rank(0), limit: 24)
                            #expect(page.items.allSatisfy { json($0).contains("\"status\":1,") })
                            let ids = page.items.map(\.id)
                            #expect(Set(ids).count == ids.count && all.isSubset(of: ids))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Where few commands may be in flight, a page is read by a single one.
    @Test func leaveRoomForOthers() async throws {
        let address = try TestRedis.newDatabase()
        try await TestRedis.install(address)
        var limits = TestRedis.patience
        limits.commandsInFlightMax = 19
        let connection = await StoreConnection(to: address, limits: limits, lookInterval: .seconds(3600))
        try await until("the store is usable") { await connection.isUsable }
        let works = await WorkStore(connection)
        for _ in 0..<12 { _ = try await works.create([]) }
        for (limit, commands) in [(9, 2 + 9), (10, 1)] {
            let before = await connection.counters.commands
            let page = try await works.list(Filter(), in: .live(.createdDescending), from: .rank(0), limit: limit)
            #expect(page.items.count == limit && page.total == 12)
            #expect(await connection.counters.commands - before == commands, "with a limit of \(limit)")
        }
        #expect(await connection.counters.errors.allSatisfy { $0.count == 0 })
        await connection.close()
    }

    @Test func areRefusedWhenTooLarge() async throws {
        try await withStore { store in
            let works = await store.works()
            let argument = JSONValue.string(String(repeating: "x", count: 4096))
            let large = JSONMember(name: "extra_params", value: .array(Array(repeating: argument, count: 250)))
            for _ in 0..<9 { _ = try await works.create([large]) }
            let page = try await works.list(Filter(), in: .live(.createdDescending), from: .rank(0), limit: 8)
            #expect(page.items.count == 8 && page.next != nil)
            await #expect(throws: StoreError.pageTooLarge(mebibytesMax: 8)) {
                try await works.list(Filter(), in: .live(.createdDescending), from: .rank(0), limit: 9)
            }
        }
    }

    @Test func passOverWhatIsNotAWork() async throws {
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

    private func json(_ work: StoredWork) -> String {
        var json = JSONWriter()
        work.write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
