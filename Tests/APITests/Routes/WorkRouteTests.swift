import HTTP
import TestSupport
import Testing

/// One work from its creation to its end, with the headers that go with it.
@Suite struct WorkRouteTests {
    @Test func aCreatedWorkIsLocatedAndTagged() async throws {
        try await withService { api in
            let created = try await api.call(.post, "/api/v1/works", someWork)
            #expect(created["Location"] == path(of: created.data))
            #expect(created["ETag"] == #""1""#)
            #expect(created["Idempotency-Replayed"] == nil)
            let read = try await api.call(.get, try #require(created["Location"]))
            #expect(read.data == created.data)
            #expect(read["ETag"] == #""1""#)
            #expect(read["Location"] == nil)
        }
    }

    @Test func aVersionThatIsKnownIsNotSentAgain() async throws {
        try await withService { api in
            let work = try await api.create()
            for tag in [#""1""#, #"W/"1""#, "*", #""7", "1""#] {
                let answer = try await api.call(.get, path(of: work)) { $0.fields.ifNoneMatch = tag }
                #expect(answer.status == 304, "\(tag)")
                #expect(answer.body.isEmpty)
                #expect(answer["ETag"] == #""1""#)
                #expect(answer["Content-Type"] == nil)
            }
            for tag in [#""2""#, "1", ""] {
                let answer = try await api.call(.get, path(of: work)) { $0.fields.ifNoneMatch = tag }
                #expect(answer.data == work, "\(tag)")
            }
        }
    }

    @Test func aPatchAnswersWithTheNewStateAndVersion() async throws {
        try await withService { api in
            let work = try await api.create(["java_version": "8"])
            let patched = try await api.call(.patch, path(of: work), ["status": "3", "java_version": nil])
            #expect(
                patched.data.without("updated_at")
                    == work.with(["status": 3, "java_version": nil]).without("updated_at")
            )
            #expect(patched["ETag"] == #""2""#)
            #expect(try await api.call(.get, path(of: work)).data == patched.data)
        }
    }

    @Test func aPatchThatChangesNothingLeavesTheVersion() async throws {
        try await withService { api in
            let work = try await api.create()
            for patch in [[:], ["status": 0], work] as [Value] {
                let answer = try await api.call(.patch, path(of: work), patch)
                #expect(answer.data == work)
                #expect(answer["ETag"] == #""1""#)
            }
        }
    }

    @Test func aConditionHoldsOrRefuses() async throws {
        try await withService { api in
            let work = try await api.create()
            func ask(_ method: Method, _ suffix: String, _ tag: String) async throws -> Answer {
                try await api.call(method, path(of: work) + suffix, method == .patch ? ["status": 1] : nil) { request in
                    request.fields.ifMatch = tag
                }
            }
            for (method, suffix) in [(Method.patch, ""), (.delete, ""), (.delete, "?purge=true"), (.post, "/restore")] {
                for tag in [#""2""#, #"W/"1""#, "1", ""] {
                    expectRefusal(412_100, try await ask(method, suffix, tag))
                }
            }
            #expect(try await ask(.patch, "", #""1""#)["ETag"] == #""2""#)
            expectRefusal(412_100, try await ask(.patch, "", #""1""#))
            #expect(try await ask(.delete, "", #""1", "2""#).code == 0)
            #expect(try await ask(.post, "/restore", #""3""#)["ETag"] == #""4""#)
            #expect(try await ask(.delete, "?purge=true", "*").code == 0)
            expectRefusal(404_101, try await ask(.delete, "", "*"))
        }
    }

    @Test func aDeletedWorkCanBeShownAndRestored() async throws {
        try await withService { api in
            let work = try await api.create()
            for _ in 0..<2 { #expect(try await api.call(.delete, path(of: work)).text == #"{"code":0}"#) }
            expectRefusal(404_102, try await api.call(.get, path(of: work)))
            expectRefusal(404_102, try await api.call(.get, path(of: work) + "?include_deleted=false"))
            expectRefusal(404_102, try await api.call(.patch, path(of: work), ["status": 1]))
            let shown = try await api.call(.get, path(of: work) + "?include_deleted=true")
            #expect(shown.data["deleted_at"].string != nil)
            #expect(shown["ETag"] == #""2""#)
            for _ in 0..<2 {
                let restored = try await api.call(.post, path(of: work) + "/restore")
                #expect(restored.data == work)
                #expect(restored["ETag"] == #""3""#)
            }
            #expect(try await api.call(.get, path(of: work)).data == work)
        }
    }

    @Test func aPurgedWorkIsGone() async throws {
        try await withService { api in
            for isDeleted in [false, true] {
                let work = try await api.create()
                _ = try await api.createTask(of: work)
                if isDeleted { _ = try await api.call(.delete, path(of: work)) }
                #expect(try await api.call(.delete, path(of: work) + "?purge=true").code == 0)
                for target in [path(of: work), path(of: work) + "?include_deleted=true", path(of: work) + "/tasks"] {
                    expectRefusal(404_101, try await api.call(.get, target))
                }
                expectRefusal(404_101, try await api.call(.delete, path(of: work) + "?purge=true"))
                expectRefusal(404_101, try await api.call(.post, path(of: work) + "/restore"))
            }
            #expect(try await api.call(.get, "/api/v1/works?deleted=only")["X-Total-Count"] == "0")
        }
    }

    @Test(arguments: ["a!b", "a%2Fb", "%00", "%FF", "a b", "é", String(repeating: "a", count: 65), "%", "a.b"])
    func malformedIDsAreRefused(id: String) async throws {
        try await withService { api in
            for (method, suffix) in [
                (Method.get, ""), (.patch, ""), (.delete, ""), (.post, "/restore"), (.get, "/tasks"),
            ] {
                expectRefusal(400_104, try await api.call(method, "/api/v1/works/\(id)\(suffix)"))
            }
        }
    }

    @Test(arguments: ["w", String(repeating: "a", count: 64), "%77", "A-Z_0", "searchx"])
    func wellFormedIDsAreLookedUp(id: String) async throws {
        try await withService { api in
            expectRefusal(404_101, try await api.call(.get, "/api/v1/works/\(id)"))
        }
    }
}
