import Redis
import Testing

@testable import Store

/// What the functions reply to arguments that are no query of theirs.
struct MalformedQueryTests {
    private static let functions = [
        Library.commit, Library.free, Library.missing, Library.positions, Library.page, Library.search,
        Library.draw, Library.rights,
    ]
    /// Nothing, a text, a number, a map cut short, a byte that MessagePack does not use, and plain text.
    private static let arguments: [[UInt8]] = [
        [], [0xA1, 0x61], [0x07], [0xDF, 0, 0, 0, 1, 0xA1], [0xC1], Array("junk".utf8),
    ]

    @Test(arguments: functions, arguments)
    func refuseWhatIsNotAMap(function: String, argument: [UInt8]) async throws {
        try await withStore { store in
            let sentence = try await rejection(function, argument, in: store)
            #expect(sentence.hasPrefix("ERR malformed query: not one map in MessagePack"), "\(sentence)")
        }
    }

    @Test(arguments: functions)
    func refuseAnythingButOneArgument(function: String) async throws {
        try await withStore { store in
            for arguments in [[], ["a", "b"]] {
                let command = Command(["FCALL", function, "1", "{0}:k"] + arguments)
                let error = await #expect(throws: RedisError.self) { try await store.redis.send(command) }
                guard case .rejected(.other(let sentence)) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                #expect(sentence.hasPrefix("ERR malformed query: not one map in MessagePack"), "\(sentence)")
            }
        }
    }

    /// Without it, and with one of another type.
    @Test(arguments: [
        (Library.commit, ["marker", "steps", "nowhere"]), (Library.free, ["marker", "steps", "nowhere"]),
        (Library.missing, ["steps"]), (Library.draw, ["marker", "count", "ids_prefix", "ids_per_hash"]),
        (Library.positions, ["descending", "after_score", "after_member", "limit"]),
        (
            Library.page,
            ["descending", "skip", "limit", "effort", "bytes", "item_prefix", "conditions", "fields"]
        ),
        (
            Library.search,
            [
                "skip", "count_max", "effort", "bytes", "dense_min", "alternatives", "conditions", "fields",
                "posting_prefix", "block_separator", "block_size", "ids_prefix", "ids_per_hash", "item_prefix",
            ]
        ),
    ])
    func refuseAQueryWithoutAFieldThatTheyNeed(function: String, fields: [String]) async throws {
        try await withStore { store in
            for field in fields {
                for isThere in [false, true] {
                    var query = MessagePack()
                    for other in fields where other != field { Self.set(other, in: &query) }
                    if isThere {
                        query.set(field, to: Self.type(of: field) == "number" ? "1" : nil)
                        query.set(field, to: Self.type(of: field) == "number" ? nil : 1)
                    }
                    let sentence = try await rejection(function, query.map, in: store)
                    let expected = "ERR malformed query: \(field) is not a \(Self.type(of: field))"
                    #expect(sentence.hasPrefix(expected), "\(sentence)")
                }
            }
        }
    }

    private static func type(of field: String) -> String {
        switch field {
        case "steps", "marker", "conditions", "fields", "alternatives": "table"
        case "descending": "boolean"
        case "nowhere", "after_member", "item_prefix", "posting_prefix", "block_separator", "ids_prefix": "string"
        default: "number"
        }
    }

    private static func set(_ field: String, in query: inout MessagePack) {
        switch type(of: field) {
        case "table": query.set(field, to: MessagePack())
        case "boolean": query.set(field, to: true)
        case "string": query.set(field, to: "x")
        default: query.set(field, to: 1)
        }
    }

    /// The sentence of the error; nothing is written.
    private func rejection(_ function: String, _ argument: [UInt8], in store: StoreUnderTest) async throws -> String {
        let size = try await store.redis.send(Command("DBSIZE")).integer
        let sentence = await store.rejection(function, ["{0}:k"], argument: argument)
        #expect(try await store.redis.send(Command("DBSIZE")).integer == size)
        return sentence
    }
}
