import API
import HTTP
import StoreTestSupport
import TestSupport
import Testing

/// Works by their texts: whole texts in lists, parts of them in searches.
@Suite struct SearchTests {
    private static let search = "/api/v1/works/search"

    @Test(arguments: [
        ("name=数据", ["b", "a"]), ("name=据", ["b", "a"]), ("name=FLINK", ["c", "a"]), ("name=ﬂink", ["c", "a"]),
        ("name=数据同步", ["a"]), ("name=同步数据", []), ("name=%25", ["d"]), ("name=_", ["d"]), ("name=*", []),
        ("name=%20", ["d", "c"]), ("description=ss", ["b"]), ("description=ß&name=数据", ["b"]),
        ("description=ß&name=flink", []), ("name=a&description=", ["d", "c", "b", "a"]),
    ])
    func partsAreFound(query: String, found: [String]) async throws {
        try await withService { api in
            _ = try await api.create(["name": "a数据同步Ｆlink", "lambda_id": "a"])
            _ = try await api.create(["name": "A实时数据", "description": "Straße", "lambda_id": "b"])
            _ = try await api.create(["name": "a flink", "lambda_id": "c"])
            _ = try await api.create(["name": "a 100%_", "lambda_id": "d"])
            let answer = try await api.call(.get, "\(Self.search)?\(query.escapingNonASCII)")
            #expect(answer.data.items.map { $0["lambda_id"].string } == found)
            #expect(answer["X-Total-Count"] == "\(found.count)")
            #expect(answer["X-Total-Count-Relation"] == nil)
        }
    }

    @Test func aListComparesWholeTexts() async throws {
        try await withService { api in
            let work = try await api.create(["name": "数据 Flink", "description": "x"])
            _ = try await api.create(["name": "数据 flink", "description": "y"])
            for (query, count) in [
                ("name=数据%20Flink", 1), ("name=数据", 0), ("name=数据%20Flink&description=x", 1),
                ("name=数据%20Flink&description=y", 0), ("description=x&status=0", 1), ("description=x&status=1", 0),
            ] {
                let answer = try await api.call(.get, "/api/v1/works?\(query.escapingNonASCII)")
                #expect(answer["X-Total-Count"] == "\(count)", "\(query)")
                if count > 0 { #expect(answer.data.items == [work]) }
            }
        }
    }

    @Test func aSearchGoesByTheOrderOfCreation() async throws {
        try await withService { api in
            let times = ["2022-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"]
            var works: [Value] = []
            for time in times { works.append(try await api.create(["created_at": .string(time)])) }
            #expect(try await api.call(.get, "\(Self.search)?name=count").data.items == works.reversed())
            // Without a text a search is the plain list.
            #expect(try await api.call(.get, Self.search).data.items == [works[0], works[2], works[1]])
        }
    }

    @Test func theTrashIsSearchedByDeletion() async throws {
        try await withService { api in
            let times = ["2022-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"]
            var works: [Value] = []
            for time in times { works.append(try await api.create(["deleted_at": .string(time)])) }
            _ = try await api.create()
            let answer = try await api.call(.get, "\(Self.search)?name=count&deleted=only")
            #expect(answer.data.items == [works[0], works[2], works[1]])
            #expect(try await api.call(.get, "\(Self.search)?name=count")["X-Total-Count"] == "1")
        }
    }

    @Test func aChangedWorkIsFoundByItsNewValues() async throws {
        try await withService { api in
            let work = try await api.create(["name": "before", "description": "first"])
            func total(_ query: String) async throws -> String? {
                try await api.call(.get, "\(Self.search)?\(query)")["X-Total-Count"]
            }
            #expect(try await total("name=before&description=first") == "1")
            _ = try await api.call(.patch, path(of: work), ["name": "after"])
            #expect(try await total("name=before") == "0")
            #expect(try await total("name=after&description=first") == "1")
            _ = try await api.call(.patch, path(of: work), ["description": ""])
            #expect(try await total("description=first") == "0")
            _ = try await api.call(.delete, path(of: work))
            #expect(try await total("name=after") == "0")
            _ = try await api.call(.post, path(of: work) + "/restore")
            #expect(try await total("name=after") == "1")
            _ = try await api.call(.delete, path(of: work) + "?purge=true")
            #expect(try await total("name=after") == "0")
            #expect(try await total("name=after&deleted=only") == "0")
        }
    }

    @Test func aCursorGoesWithItsText() async throws {
        try await withService { api in
            for _ in 0..<3 { _ = try await api.create() }
            let next = try #require(Links(try await api.call(.get, "\(Self.search)?name=co&limit=1")).next)
            #expect(next.hasPrefix("\(Self.search)?name=co&limit=1&cursor="))
            #expect(try await api.call(.get, next).data.items.count == 1)
            expectRefusal(400_106, try await api.call(.get, next.replacing("name=co", with: "name=cou")))
            expectRefusal(400_106, try await api.call(.get, next.replacing("/search", with: "")))
            expectRefusal(400_106, try await api.call(.get, next.replacing("name=", with: "description=")))
        }
    }

    /// The two Unicode forms of one letter are one text to a search, two to a list, and a change to a work.
    @Test func formsOfOneLetterAreKeptApart() async throws {
        try await withService { api in
            let (composed, combined) = ("caf\u{E9}", "cafe\u{301}")
            let work = try await api.create(["name": .string(composed), "user_id": .string(composed)])
            func total(_ query: String) async throws -> String? {
                try await api.call(.get, "/api/v1/works\(query.escapingNonASCII)")["X-Total-Count"]
            }
            let changes: Value = ["name": .string(combined), "user_id": .string(combined), "status": 1]
            #expect(try await api.call(.patch, path(of: work), changes)["ETag"] == "\"2\"")
            let stored = try await api.call(.get, path(of: work)).data
            #expect(Array(stored["name"].string?.utf8 ?? "".utf8) == Array(combined.utf8))
            #expect(try await total("?user_id=\(composed)") == "0")
            #expect(try await total("?user_id=\(combined)&status=1") == "1")
            #expect(try await total("?name=\(combined)") == "1")
            #expect(try await total("?name=\(composed)") == "0")
            #expect(try await total("/search?name=\(composed)&user_id=\(combined)") == "1")
        }
    }
}

extension String {
    /// The text with everything but ASCII percent-encoded, as clients send it.
    fileprivate var escapingNonASCII: String {
        utf8.map { byte in
            byte < 0x80 ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
