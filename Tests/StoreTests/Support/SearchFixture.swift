import Redis
import Testing

@testable import Store

/// Posting sets, hashes of ids and items, made by hand with sizes and prefixes that are not those of the layout.
struct SearchFixture {
    /// The numbers that exist; the one numbered n has the id `wn` and the name `name n`.
    var numbers: [Int]
    /// Which numbers have each term.
    var terms: [String: @Sendable (Int) -> Bool]
    var blockSize = 8
    var idsPerHash = 3
    static let counter = "{0}:counter"

    func fill(_ store: StoreUnderTest) async throws {
        var postings: [String: [String]] = [:]
        try await store.run([["SET", Self.counter, String(numbers.max() ?? 0)]])
        for number in numbers {
            for (term, has) in terms where has(number) {
                postings[key(term, block: number / blockSize), default: []].append(String(number % blockSize))
            }
            let item = ["HSET", "{0}:item:w\(number)", "name", "name \(number)"]
            let id = ["HSET", "{0}:id:\(number / idsPerHash)", String(number % idsPerHash), "w\(number)"]
            _ = try await store.redis.send([Command(item), Command(id)])
        }
        try await store.run(postings.map { ["SADD", $0.key] + $0.value })
    }

    func key(_ term: String, block: Int) -> String {
        "{0}:post:\(term)/\(block)"
    }

    /// What a call asks for.
    struct Query {
        var alternatives: [[String]]
        var complement: String?
        var pageBelow: Int?
        var skip = 0
        var limit: Int? = 100
        var countMax = 1000
        var effort = 100_000
        var bytes = 1 << 20
        var denseMin = 1 << 20
        /// The items must have it in their names.
        var part: String?
    }

    /// What one call, or several together, have found.
    struct Found: Equatable {
        var numbers: [Int] = []
        var counted = 0
        var skipped = 0
        var hasMore = false
    }

    /// Makes calls until nothing is left to do.
    func search(_ query: Query, in store: StoreUnderTest) async throws -> (found: Found, calls: Int) {
        var found = Found()
        var calls = 0
        var (below, countedTo): (Int?, Int?) = (nil, nil)
        repeat {
            var fields = packed(query)
            fields.set("below", to: below)
            fields.set("counted_to", to: countedTo)
            fields.set("skip", to: query.skip - found.skipped)
            fields.set("limit", to: found.hasMore ? nil : query.limit.map { $0 - found.numbers.count })
            fields.set("count_max", to: query.countMax - found.counted)
            let reply = try #require(
                SearchReply(try await store.call(Library.search, [Self.counter], fields))
            )
            for item in reply.items {
                let number = item[2].integer ?? -1
                #expect(item.description == #"["name \#(number)", "w\#(number)", \#(number)]"#)
                found.numbers.append(number)
            }
            found.counted += reply.counted
            found.skipped += reply.skipped
            found.hasMore = found.hasMore || reply.hasMore
            (below, countedTo) = (reply.below, reply.countedTo)
            calls += 1
        } while below != nil && calls < 10_000
        return (found, calls)
    }

    /// The fields that stay the same from call to call.
    private func packed(_ query: Query) -> MessagePack {
        var fields = MessagePack()
        fields.set("page_below", to: query.pageBelow)
        fields.set("effort", to: query.effort)
        fields.set("bytes", to: query.bytes)
        fields.set("dense_min", to: query.denseMin)
        var alternatives = MessagePack()
        for terms in query.alternatives { alternatives.append(array: MessagePack(terms)) }
        fields.set("alternatives", to: alternatives)
        fields.set("complement", to: query.complement)
        let conditions = query.part.map { [SearchPlan.Condition(kind: .contains, field: .name, text: $0)] }
        fields.set("conditions", to: MessagePack(conditions ?? []))
        fields.set("fields", to: MessagePack(["name"]))
        fields.set("posting_prefix", to: "{0}:post:")
        fields.set("block_separator", to: "/")
        fields.set("block_size", to: blockSize)
        fields.set("ids_prefix", to: "{0}:id:")
        fields.set("ids_per_hash", to: idsPerHash)
        fields.set("item_prefix", to: "{0}:item:")
        return fields
    }

    /// What a search is to find, by a look at every number.
    func expected(_ query: Query) -> Found {
        let matches = numbers.sorted(by: >).filter { number in
            query.alternatives.contains { $0.allSatisfy { terms[$0]?(number) == true } }
                && query.part.map { "name \(number)".contains($0) } != false
        }
        let page = matches.filter { $0 < query.pageBelow ?? .max }
        return Found(
            numbers: Array(page.dropFirst(query.skip).prefix(query.limit ?? 0)),
            counted: min(matches.count, query.countMax),
            skipped: query.limit == nil ? 0 : min(query.skip, page.count),
            hasMore: query.limit.map { page.count > query.skip + $0 } ?? false
        )
    }
}
