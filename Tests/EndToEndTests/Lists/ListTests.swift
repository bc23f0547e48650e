import TestSupport
import Testing

/// Pages of lists and of searches without a text: limits, offsets, headers, and what a query may contain.
@Suite(.sharingAStack) struct ListTests {
    /// Works of one new user, created a second apart, oldest first.
    private func works(_ count: Int, _ changes: Value = [:]) throws -> (user: String, ids: [String]) {
        let user = unique()
        let ids = try (0..<count).map { index in
            let second = index < 10 ? "0\(index)" : "\(index)"
            let own: Value = ["user_id": .string(user), "created_at": .string("2021-01-01T00:00:\(second)Z")]
            return try Shared.client.create(own.with(changes)).id
        }
        return (user, ids)
    }

    /// Each of these characters is one byte in the store, and six in an answer.
    @Test func refusesAPageOfMoreThanEightMebibytes() throws {
        let client = try Shared.client
        let user = unique()
        let argument = "\"" + String(repeating: "\\u0001", count: 4000) + "\""
        let arguments = Array(repeating: argument, count: 40).joined(separator: ",")
        let rest = ",\"extra_params\":[\(arguments)]}"
        for _ in 0..<9 {
            let text = draft(["user_id": .string(user)]).description.dropLast() + rest
            #expect(try client.call("POST", "/api/v1/works", text: String(text)).status == 200)
        }
        for list in ["/api/v1/works", "/api/v1/works/search"] {
            let page = try client.call("GET", "\(list)?user_id=\(user)&limit=8")
            #expect(page.status == 200 && page.body.count > 7 << 20)
            expectRefusal(400_103, try client.call("GET", "\(list)?user_id=\(user)&limit=9"), saying: "8 MiB")
        }
    }

    @Test func returnsTheTenNewestByDefault() throws {
        let client = try Shared.client
        let (user, ids) = try works(12)
        let page = try client.page("/api/v1/works?user_id=\(user)")
        #expect(page.ids == Array(ids.reversed().prefix(10)))
        #expect(page.total == 12)
        #expect(
            try client.page("/api/v1/works?user_id=\(user)&limit=&offset=&order=&status=&deleted=&cursor=").ids
                == page.ids
        )
        #expect(try client.page("/api/v1/works/search?user_id=\(user)").ids == page.ids, "a plain list")
        let second = try client.page("/api/v1/works/search?user_id=\(user)&offset=1")
        #expect(second.ids == Array(ids.reversed().dropFirst(10)))
    }

    @Test func countsPagesFromZero() throws {
        let client = try Shared.client
        let (user, ids) = try works(7)
        for offset in 0...4 {
            let page = try client.page("/api/v1/works?user_id=\(user)&limit=3&offset=\(offset)&order=created_at")
            #expect(page.ids == Array(ids.dropFirst(offset * 3).prefix(3)))
            #expect(page.total == 7)
        }
    }

    @Test func returnsOnlyTheCountForALimitOfZero() throws {
        let client = try Shared.client
        let (user, _) = try works(3)
        for list in ["/api/v1/works", "/api/v1/works/search"] {
            let page = try client.page("\(list)?user_id=\(user)&limit=0")
            #expect(page.answer.text == #"{"code":0,"data":[]}"#)
            #expect(page.total == 3)
            #expect(page.next == nil)
            #expect(page.links["first"] != nil)
        }
    }

    @Test func returnsUpToAThousandAtOnce() throws {
        let client = try Shared.client
        let (user, ids) = try works(3)
        #expect(try client.page("/api/v1/works?user_id=\(user)&limit=1000").ids == ids.reversed())
        expectRefusal(400_103, try client.call("GET", "/api/v1/works?limit=1001"), saying: "limit")
    }

    @Test func linksToTheNextAndTheFirstPage() throws {
        let client = try Shared.client
        let (user, ids) = try works(5, ["status": 2, "run_frequency": "daily"])
        let query = "user_id=\(user)&status=2,3&run_frequency=daily&order=created_at&limit=2"
        for list in ["/api/v1/works?\(query)", "/api/v1/works/search?user_id=\(user)&limit=2"] {
            let expected = list.contains("search") ? ids.reversed() : ids
            let first = try client.page(list)
            #expect(first.ids == Array(expected[..<2]))
            let second = try client.page(try #require(first.next))
            #expect(second.ids == Array(expected[2..<4]))
            #expect(second.total == 5)
            #expect(try client.page(try #require(second.links["first"])).ids == first.ids)
            let third = try client.page(try #require(second.next))
            #expect(third.ids == Array(expected[4...]))
            #expect(third.next == nil)
            #expect(third.links["first"] != nil)
        }
    }

    @Test func linksToTheNextPageWithTheLongestFilters() throws {
        let client = try Shared.client
        let user = String(repeating: "字", count: 116) + unique()
        for _ in 0..<3 { _ = try client.create(["user_id": .string(user), "status": 1]) }
        let first = try client.page("/api/v1/works?limit=2&user_id=\(encoded(user))&status=1,2&run_frequency=")
        #expect(first.ids.count == 2)
        #expect(try client.page(try #require(first.next)).ids.count == 1)
    }

    @Test(arguments: [
        "limit=-1", "limit=1001", "limit=x", "limit=1.5", "limit=+1", "limit=%201", "limit=1e2",
        "limit=99999999999999999999",
        "offset=-1", "offset=x", "offset=1.5", "status=8", "status=-1", "status=x", "status=1,x", "status=1.0",
        "status=1;2",
        "run_frequency=yearly", "run_frequency=once,yearly", "run_frequency=ONCE", "order=name", "order=+created_at",
        "order=created_at,updated_at", "order=deleted_at", "deleted=maybe", "deleted=true", "nonsense=1", "Limit=1",
        "type=BATCH",
        "limit=1&limit=1", "user_id=a&user_id=b", "status=1&status=x", "order=created_at&order=created_at",
        "include_deleted=true", "purge=true",
        "work_id=x",
        "deleted=only&order=created_at", "deleted=only&order=-created_at", "user_id=%zz", "user_id=%", "user_id=%f",
        "user_id=%FF",
        "%zz=1", "user_id=%ED%A0%80", "offset=1&cursor=x", "user_id=%00",
    ])
    func refuses(_ query: String) throws {
        for client in [try Shared.client, try Shared.stack.worker(0)] {
            expectRefusal(400_103, try client.call("GET", "/api/v1/works?\(query)"))
        }
    }

    @Test(arguments: [
        "order=created_at", "order=-created_at", "nonsense=1", "limit=1001", "limit=1&limit=2", "offset=0&cursor=x",
    ])
    func refusesInASearch(_ query: String) throws {
        expectRefusal(400_103, try Shared.client.call("GET", "/api/v1/works/search?\(query)"))
    }

    @Test(arguments: ["?x=1", "?limit=1", "?include_deleted=true&include_deleted=true", "?purge=true"])
    func refusesQueriesOfOtherRoutes(_ query: String) throws {
        let client = try Shared.client
        let work = try client.create()
        expectRefusal(400_103, try client.call("GET", work.path + query))
        expectRefusal(400_103, try client.call("PATCH", work.path + query, [:]))
        expectRefusal(400_103, try client.call("POST", work.path + "/restore" + query))
        expectRefusal(400_103, try client.call("POST", "/api/v1/works" + query, draft()))
        expectRefusal(400_103, try client.call("DELETE", work.path + "?purge=true&purge=true"))
        #expect(try client.work(work.path).data == work.data)
    }

    @Test func namesWhatItRefuses() throws {
        let client = try Shared.client
        expectRefusal(400_103, try client.call("GET", "/api/v1/works?limit=1001"), saying: "limit", "1000")
        expectRefusal(
            400_103,
            try client.call("GET", "/api/v1/works?run_frequency=x"),
            saying: "run_frequency",
            "hourly"
        )
        expectRefusal(400_103, try client.call("GET", "/api/v1/works?nonsense=x"), saying: "nonsense")
    }

    @Test func boundsTheDepthOfCommaListsOnly() throws {
        let client = try Shared.client
        let (user, _) = try works(2)
        let list = "/api/v1/works?user_id=\(user)"
        #expect(try client.page(list + "&status=0,1&limit=1000&offset=9").items.isEmpty, "up to 10 000")
        expectRefusal(400_103, try client.call("GET", list + "&status=0,1&limit=1000&offset=10"), saying: "cursor")
        expectRefusal(
            400_103,
            try client.call("GET", list + "&run_frequency=once,daily&limit=1&offset=10000"),
            saying: "cursor"
        )
        #expect(try client.page(list + "&status=0&limit=1000&offset=10").total == 2)
        #expect(try client.page(list + "&limit=1000&offset=1000000").items.isEmpty)
    }

    @Test func survivesOffsetsBeyondAllNumbers() throws {
        for offset in ["9223372036854775807", "9223372036854775808", "99999999999999999999999", "4611686018427387904"] {
            let answer = try Shared.client.call("GET", "/api/v1/works?limit=1000&offset=\(offset)")
            if answer.status == 200 { #expect(answer.data == []) } else { expectRefusal(400_103, answer) }
        }
    }

    @Test func filtersByZeroLikeByAnyOtherStatus() throws {
        let client = try Shared.client
        let user = unique()
        let zero = try client.create(["user_id": .string(user)])
        _ = try client.create(["user_id": .string(user), "status": 1])
        #expect(try client.page("/api/v1/works?user_id=\(user)&status=0").ids == [zero.id])
        #expect(try client.page("/api/v1/works?user_id=\(user)&status=0,0").ids == [zero.id])
    }

    @Test func readsEncodedValues() throws {
        let client = try Shared.client
        let user = "a+b c&d=e%2F/字\(unique())"
        let work = try client.create(["user_id": .string(user)])
        #expect(try client.page("/api/v1/works?user_id=\(encoded(user))").ids == [work.id])
        #expect(try client.page("/api/v1/works?limit=%31&user%5Fid=\(encoded(user))").ids == [work.id])
    }

    @Test func listsTheTrashNewestDeletionFirst() throws {
        let client = try Shared.client
        let user = unique()
        let days = ["03", "01", "02"]
        let ids = try days.map { day in
            try client.create(["user_id": .string(user), "deleted_at": .string("2021-01-\(day)T00:00:00Z")]).id
        }
        for list in ["/api/v1/works", "/api/v1/works/search"] {
            let page = try client.page("\(list)?user_id=\(user)&deleted=only&limit=2")
            #expect(page.ids == [ids[0], ids[2]])
            #expect(page.total == 3)
            #expect(try client.page(try #require(page.next)).ids == [ids[1]])
        }
    }
}
