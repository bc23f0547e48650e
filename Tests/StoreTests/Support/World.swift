import Folding
import JSON
import Loop
import Redis
import TestSupport
import Works

@testable import Store

/// The store, the model beside it, and dice.
struct World {
    private var random: SeededRandom
    let store: StoreUnderTest
    private(set) var model = Model()

    init(seed: UInt64, store: StoreUnderTest) {
        random = SeededRandom(seed &+ 1000)
        self.store = store
    }

    // MARK: Writing

    mutating func create(_ members: [JSONMember]? = nil) async throws {
        // Leaves whole blocks of numbers out now and then, so that there are several.
        if members == nil, random.chance(0.1) {
            let gap = random.pick([1, 100, 5000, 32_768, 70_000])
            _ = try await store.redis.send(Command("INCRBY", Keys.sequence, String(gap)))
        }
        let members = members ?? draft()
        model.add(try await store.works().create(members))
    }

    mutating func delete(_ id: WorkID) async throws {
        model.replace(try await store.works().delete(id))
    }

    /// Creates, patches, deletes, restores or purges something.
    mutating func change() async throws {
        let works = await store.works()
        guard model.works.count > 20, random.chance(0.8) else { return try await create() }
        let work = random.pick(model.works)
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: model.replace(try await works.delete(work.id))
        case 2, 3: model.replace(try await works.restore(work.id))
        case 4 where model.works.count > 40:
            try await works.purge(work.id)
            model.remove(work.id)
        default:
            if work.isDeleted { return }
            model.replace(try await works.patch(work.id, changes()))
        }
    }

    private mutating func draft() -> [JSONMember] {
        var members = [
            JSONMember(name: "user_id", value: .string(user())), JSONMember(name: "name", value: .string(text())),
            JSONMember(name: "description", value: .string(random.chance(0.2) ? "" : text())),
            JSONMember(name: "status", value: .integer(Int.random(in: 0...7, using: &random))),
            JSONMember(
                name: "created_at",
                value: .string("2024-01-0\(Int.random(in: 1...9, using: &random))T00:00:00Z")
            ),
        ]
        if random.chance(0.7) { members.append(frequency()) }
        if random.chance(0.2) {
            members.append(
                JSONMember(
                    name: "deleted_at",
                    value: .string("2024-02-0\(Int.random(in: 1...9, using: &random))T00:00:00Z")
                )
            )
        }
        return members
    }

    private mutating func changes() -> [JSONMember] {
        var members: [JSONMember] = []
        if random.chance(0.4) { members.append(JSONMember(name: "name", value: .string(text()))) }
        if random.chance(0.4) {
            members.append(JSONMember(name: "description", value: .string(random.chance(0.2) ? "" : text())))
        }
        if random.chance(0.4) { members.append(JSONMember(name: "user_id", value: .string(user()))) }
        if random.chance(0.4) {
            members.append(JSONMember(name: "status", value: .integer(Int.random(in: 0...7, using: &random))))
        }
        if random.chance(0.3) { members.append(frequency()) }
        return members
    }

    private mutating func frequency() -> JSONMember {
        JSONMember(name: "run_frequency", value: .string(random.pick(RunFrequency.allCases).rawValue))
    }

    /// A name twice: in the two Unicode forms of its é, which are two users.
    private mutating func user() -> String {
        random.pick(["ann", "bob", "a:s=1", "caf\u{E9}", "cafe\u{301}", "用户"])
    }

    /// Few letters, so that parts are found often; with all that folding does.
    private mutating func text() -> String {
        let pieces = [
            "作", "业", "数据", "同步", "a", "B", "Ab", "ｂ", "ß", "ss", "ﬁ", "fi", "i", "İ", "é", "e\u{301}", " ", "%", "_",
            "*",
            ":", "1", "①", "😀", "👩‍💻", "\u{301}", "Σ", "ς", "ﷺ", "가", "\u{1100}\u{1161}",
        ]
        let length = Int.random(in: 1...12, using: &random)
        let text = (0..<length).map { _ in random.pick(pieces) }.joined()
        return text.allSatisfy(\.isWhitespace) ? text + "x" : text
    }

    // MARK: Asking

    mutating func query() -> Query {
        var query = Query()
        let isSearch = random.chance(0.7)
        if random.chance(0.75) { query.filter.name = match(\.name, isSearch: isSearch) }
        if random.chance(0.35) || query.filter.name == nil {
            query.filter.description = match(\.description, isSearch: isSearch)
        }
        if random.chance(0.3) { query.filter.userID = user() }
        if random.chance(0.3) { query.filter.statuses = some((0...7).compactMap { Status($0) }) }
        if random.chance(0.3) { query.filter.frequencies = some(RunFrequency.allCases) }
        let orders: [ListOrder] = [
            .live(.createdAscending), .live(.createdDescending), .live(.updatedAscending), .live(.updatedDescending),
        ]
        query.order = random.chance(0.2) ? .trash : isSearch ? nil : random.pick(orders)
        return query
    }

    private mutating func some<Value>(_ values: [Value]) -> [Value] {
        let chosen = values.filter { _ in random.chance(0.4) }
        return chosen.isEmpty ? [random.pick(values)] : chosen
    }

    /// Mostly what is there to be found: a part of some work's text, or the whole of it.
    private mutating func match(_ field: KeyPath<Work, String>, isSearch: Bool) -> Filter.TextMatch {
        let source = random.chance(0.85) ? random.pick(model.works)[keyPath: field] : text()
        let wanted = source.isEmpty ? "x" : source
        guard isSearch else { return .exactly(wanted) }
        let scalars = Array(FoldedText(folding: wanted).text.unicodeScalars)
        let start = Int.random(in: 0..<scalars.count, using: &random)
        let length = Int.random(in: 1...min(scalars.count - start, random.pick([1, 2, 3, 30])), using: &random)
        return .contains(FoldedText(folding: String(String.UnicodeScalarView(scalars[start..<start + length]))))
    }

    /// Asks for a page by offset, and for all of the rest by cursors, and says what is wrong with them.
    mutating func problem(with query: Query, _ limits: SearchLimits, limit fixed: Int? = nil) async throws -> String? {
        let works = await store.works(limits)
        let expected = model.ids(query)
        let limit = fixed ?? Int.random(in: 1...5, using: &random)
        let rank = random.chance(0.5) ? 0 : Int.random(in: 0...expected.count + 2, using: &random)
        let first = try await ask(works, query, from: .rank(rank), limit: limit)
        if let problem = Self.problem(first, expected, from: rank, limit: limit, query, limits) { return problem }
        var (place, next) = (rank + limit, fixed != nil || random.chance(0.3) ? first.next : nil)
        while let start = next, place < rank + 20 * limit {
            let page = try await ask(works, query, from: .after(start), limit: limit)
            if let problem = Self.problem(page, expected, from: place, limit: limit, query, limits) {
                return "after \(start): " + problem
            }
            (place, next) = (place + limit, page.next)
        }
        let none = try await ask(works, query, from: .rank(0), limit: 0)
        return none.items.isEmpty && none.total == first.total && none.next == nil ? nil : "limit 0 gives \(none)"
    }

    private func ask(_ works: WorkStore, _ query: Query, from start: PageStart, limit: Int) async throws -> Page<
        StoredWork
    > {
        guard let order = query.order, order != .trash || !query.filter.searchesParts else {
            return try await works.search(
                query.filter,
                in: query.isTrash ? .trash : .live(.createdDescending),
                from: start,
                limit: limit
            )
        }
        return try await works.list(query.filter, in: order, from: start, limit: limit)
    }

    private static func problem(
        _ page: Page<StoredWork>,
        _ expected: [String],
        from rank: Int,
        limit: Int,
        _ query: Query,
        _ limits: SearchLimits
    ) -> String? {
        let ids = Array(expected.dropFirst(rank).prefix(limit))
        let bound = query.filter.searchesParts ? limits.countedMax : Int.max
        if page.items.map(\.id.text) != ids { return "\(page.items.map(\.id.text)) instead of \(ids), from \(rank)" }
        if page.total != min(expected.count, bound) { return "total \(page.total) instead of \(expected.count)" }
        if page.totalIsLeast != (expected.count > bound) { return "wrong relation of the total" }
        let hasMore = expected.count > rank + limit
        return (page.next != nil) == hasMore ? nil : "next is \(page.next.map { "\($0)" } ?? "none"), from \(rank)"
    }
}
