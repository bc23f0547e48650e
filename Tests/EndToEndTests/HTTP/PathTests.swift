import TestSupport
import Testing

/// Ids in paths: which are well formed, and how every other is refused.
@Suite(.sharingAStack) struct PathTests {
    @Test(arguments: ["a", "-", "_", "A-Z_09", String(repeating: "x", count: 64)])
    func acceptsWellFormedIDs(_ id: String) throws {
        let client = try Shared.client
        expectRefusal(404_101, try client.call("GET", "/api/v1/works/\(id)"))
        expectRefusal(404_101, try client.call("GET", "/api/v1/works/\(id)/tasks/\(id)"))
    }

    @Test(arguments: [
        String(repeating: "x", count: 65), "a.b", "a+b", "a%20b", "%20", "a~b", "a:b", "a@b", "a,b", "%E4%BD%9C",
        "a%0Ab",
        "a%22b", "%7B0%7D:seq", "a*b", "a'b", "a;b", "a=b", "a!b", "a$b", "(a)",
    ])
    func refusesOtherIDs(_ id: String) throws {
        for client in [try Shared.client, try Shared.stack.worker(0)] {
            expectRefusal(400_104, try client.call("GET", "/api/v1/works/\(id)"))
            expectRefusal(400_104, try client.call("PATCH", "/api/v1/works/\(id)", ["status": 1]))
            expectRefusal(400_104, try client.call("DELETE", "/api/v1/works/\(id)"))
            expectRefusal(400_104, try client.call("POST", "/api/v1/works/\(id)/restore"))
            expectRefusal(400_104, try client.call("GET", "/api/v1/works/\(id)/tasks"))
            expectRefusal(400_104, try client.call("GET", "/api/v1/works/abc/tasks/\(id)"))
        }
    }

    @Test(arguments: [
        "a%2Fb", "%2F", "%00", "a%00b", "%FF", "%C0%AF", "%ED%A0%80", "%F5%80%80%80", "%E4%BD", "%2e%2e", "%", "%z0",
        "%1",
        "%252F",
    ])
    func refusesWhatIsNoText(_ id: String) throws {
        for client in [try Shared.client, try Shared.stack.worker(0)] {
            for path in ["/api/v1/works/\(id)", "/api/v1/works/\(id)/tasks", "/api/v1/works/abc/tasks/\(id)"] {
                let answer = try client.call("GET", path)
                let code = answer.code ?? 0
                #expect([400_104, 404_100, 400_105].contains(code), "\(path): \(answer)")
                expectRefusal(code, answer)
            }
        }
    }

    @Test func readsAnEncodedLetterAsTheLetter() throws {
        let client = try Shared.client
        let work = try client.create()
        let first = try #require(work.id.utf8.first)
        let hex = String(first, radix: 16)
        #expect(try client.work("/api/v1/works/%\(hex)\(work.id.dropFirst())").data == work.data)
    }

    @Test func neverReadsSearchAsAnID() throws {
        let client = try Shared.client
        for method in ["PATCH", "DELETE", "POST", "PUT"] {
            expectRefusal(405_100, try client.call(method, "/api/v1/works/search", [:]))
        }
        #expect(try client.call("GET", "/api/v1/works/search").data.items.count <= 10)
        expectRefusal(404_101, try client.call("GET", "/api/v1/works/SEARCH"))
    }

    @Test func acceptsATrailingQuestionMark() throws {
        let client = try Shared.client
        let work = try client.create()
        #expect(try client.work(work.path + "?").data == work.data)
    }
}
