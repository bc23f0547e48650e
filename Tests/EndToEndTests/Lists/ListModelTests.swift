import TestSupport
import Testing

/// Lists, page by page, against a model that filters and sorts all works.
///
/// The data is random and full of ties: few distinct times, and few users, some of whose names look like parts of the
/// store's keys. The works are created, changed, deleted and restored through the API, then every combination of
/// filters, orders and trash is read, each in one random window and in one complete walk by cursors.
@Suite(.startingProcesses) struct ListModelTests {
    @Test func everyCombinationAgreesWithTheModel() async throws {
        try await Stack.with { stack in
            let client = try stack.client
            var random = SeededRandom(1)
            let model = try ListModel(works: 150, client: client, random: &random)
            for query in ListQuery.combinations() {
                let expected = model.ids(query)
                try compare(client, query, expected, &random)
            }
            for worker in 0..<2 {
                let query = ListQuery(user: nil, statuses: [], frequencies: [], order: "updated_at", isTrash: false)
                let page = try stack.worker(worker).page(query.target(limit: 1000))
                #expect(
                    page.items == model.ids(query).compactMap { model.works[$0] },
                    "whole works, as they were written"
                )
            }
            try stack.expectVerified()
        }
    }

    /// A page by number and a walk by cursors with a random limit.
    private func compare(_ client: Client, _ query: ListQuery, _ expected: [String], _ random: inout SeededRandom)
        throws
    {
        let limit = random.pick([1, 2, 3, 7, 10, 50])
        let offset = Int.random(in: 0...(expected.count / limit + 1), using: &random)
        let page = try client.page(query.target(limit: limit) + "&offset=\(offset)")
        let window = expected.dropFirst(limit * offset).prefix(limit)
        #expect(page.ids == Array(window), "\(query.target(limit: limit)) offset \(offset)")
        #expect(page.total == expected.count, "\(query.target(limit: limit))")
        #expect(
            (page.next != nil) == (limit * (offset + 1) < expected.count),
            "\(query.target(limit: limit)) offset \(offset)"
        )

        let stride = max(limit, expected.count / 5 + 1)
        var walked: [String] = []
        var target: String? = query.target(limit: stride)
        while let here = target {
            let page = try client.page(here)
            walked += page.ids
            target = page.next
            #expect(page.total == expected.count, "\(here)")
            guard walked.count <= expected.count else { break }
        }
        #expect(walked == expected, "\(query.target(limit: stride)) by cursors")
    }

    @Test func countsRowsInsteadOfPagesIfConfigured() async throws {
        var options = Stack.Options.oneWorker
        options.workerSettings = ["WORKS_OFFSET_UNIT": "row"]
        try await Stack.with(options) { stack in
            let client = stack.worker(0)
            let made = try (0..<7).map { try client.create(["created_at": "2021-01-01T00:00:0\($0)Z"]).id }
            let page = try client.page("/api/v1/works?order=created_at&limit=3&offset=2")
            #expect(page.ids == Array(made[2..<5]))
            let rest = try client.page(try #require(page.next))
            #expect(rest.ids == Array(made[5...]))
            #expect(rest.next == nil)
        }
    }
}

/// One list: its filters, its order, and whether it is the trash.
struct ListQuery: Sendable {
    let user: String?
    let statuses: [Int]
    let frequencies: [String]
    let order: String?
    let isTrash: Bool

    /// Every combination of filters with no, one and several values, in every order and in the trash.
    static func combinations() -> [ListQuery] {
        var all: [ListQuery] = []
        let orders: [String?] = [nil, "created_at", "-created_at", "updated_at", "-updated_at"]
        for user in [nil, ListModel.users[0], ListModel.users[2], "nobody"] {
            for statuses in [[], [0], [2], [7], [1, 2], [5, 0, 1]] {
                for frequencies in [
                    [], ["once"], ["weekly"], ["hourly", "once"], ["once", "hourly", "daily", "weekly"],
                ] {
                    for order in orders {
                        all.append(
                            ListQuery(
                                user: user,
                                statuses: statuses,
                                frequencies: frequencies,
                                order: order,
                                isTrash: false
                            )
                        )
                    }
                    all.append(
                        ListQuery(user: user, statuses: statuses, frequencies: frequencies, order: nil, isTrash: true)
                    )
                }
            }
        }
        return all
    }

    func target(limit: Int) -> String {
        var fields = ["limit=\(limit)"]
        if let user { fields.append("user_id=\(encoded(user))") }
        if !statuses.isEmpty { fields.append("status=" + statuses.map(String.init).joined(separator: ",")) }
        if !frequencies.isEmpty { fields.append("run_frequency=" + frequencies.joined(separator: ",")) }
        if let order { fields.append("order=\(order)") }
        if isTrash { fields.append("deleted=only") }
        return "/api/v1/works?" + fields.joined(separator: "&")
    }
}

/// All works of a store as the API last returned them, and the lists that follow from them.
struct ListModel {
    static let users = ["alice", "bob", "a:s=1", "a%3As=1", "用户 1", "c:", "*"]

    private(set) var works: [String: Value] = [:]

    /// Fills an empty store.
    init(works count: Int, client: Client, random: inout SeededRandom) throws {
        for _ in 0..<count { try create(client, &random) }
        for _ in 0..<count { try change(client, &random) }
    }

    /// The ids that the query must return, in order.
    func ids(_ query: ListQuery) -> [String] {
        let order = query.isTrash ? "-deleted_at" : query.order ?? "-created_at"
        let field = order.hasPrefix("-") ? String(order.dropFirst()) : order
        let ascending = works.values.filter { accepts($0, query) }
            .map { work in (time: work[field].string ?? "", id: work["work_id"].string ?? "") }
            .sorted { ($0.time, $0.id) < ($1.time, $1.id) }
            .map(\.id)
        return order.hasPrefix("-") ? ascending.reversed() : ascending
    }

    private func accepts(_ work: Value, _ query: ListQuery) -> Bool {
        guard (work["deleted_at"] != .null) == query.isTrash else { return false }
        if let user = query.user, work["user_id"] != .string(user) { return false }
        if !query.statuses.isEmpty, !query.statuses.contains(work["status"].integer ?? -1) { return false }
        return query.frequencies.isEmpty || query.frequencies.contains(work["run_frequency"].string ?? "")
    }

    /// One of a few seconds, with a fraction that must not count.
    private static func time(_ random: inout SeededRandom) -> String {
        "2021-01-01T00:00:0\(Int.random(in: 0...4, using: &random)).\(Int.random(in: 0...999, using: &random))Z"
    }

    private static func fields(_ random: inout SeededRandom) -> Value {
        [
            "user_id": .string(random.pick(users)),
            "status": .integer(random.pick([0, 1, 2, 5, 7])),
            "run_frequency": random.pick([.null, "once", "hourly", "daily", "weekly"]),
        ]
    }

    private mutating func create(_ client: Client, _ random: inout SeededRandom) throws {
        var body = Self.fields(&random).with(["created_at": .string(Self.time(&random))])
        if random.chance(0.7) {
            body = body.with(["updated_at": .string("2021-01-01T00:00:0\(Int.random(in: 5...8, using: &random))Z")])
        }
        if random.chance(0.2) { body = body.with(["deleted_at": .string(Self.time(&random))]) }
        let work = try client.create(body)
        works[work.id] = work.data
    }

    private mutating func change(_ client: Client, _ random: inout SeededRandom) throws {
        guard let id = works.keys.sorted().randomElement(using: &random), let work = works[id] else { return }
        let path = "/api/v1/works/\(id)"
        if work["deleted_at"] != .null {
            guard random.chance(0.5) else { return }
            works[id] = try expectSuccess(try client.call("POST", path + "/restore"))
        } else if random.chance(0.2) {
            try expectSuccess(try client.call("DELETE", path))
            works[id] = try client.work(path + "?include_deleted=true").data
        } else if random.chance(0.05) {
            try expectSuccess(try client.call("DELETE", path + "?purge=true"))
            works[id] = nil
        } else {
            works[id] = try expectSuccess(try client.call("PATCH", path, Self.fields(&random)))
        }
    }
}
