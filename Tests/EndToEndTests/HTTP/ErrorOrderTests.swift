import TestSupport
import Testing

/// Which error comes first: route, method, origin, id, query, body, existence, If-Match, values.
@Suite(.sharingAStack) struct ErrorOrderTests {
    private static let malformed = "{nonsense"

    @Test func routeBeforeMethod() throws {
        expectRefusal(404_100, try Shared.stack.worker(0).call("PUT", "/nope/!!?x=1&x=1", text: Self.malformed))
    }

    @Test func methodBeforeID() throws {
        let answer = try Shared.stack.worker(0).call("PUT", "/api/v1/works/b!d?x=1", text: Self.malformed)
        expectRefusal(405_100, answer)
    }

    @Test func methodBeforeOriginBeforeID() throws {
        let client = try Shared.client
        let foreign = ["Origin": "http://evil.test"]
        expectRefusal(405_100, try client.call("PATCH", "/api/v1/works", text: Self.malformed, headers: foreign))
        let target = "/api/v1/works/b!d?x=1"
        expectRefusal(403_100, try client.call("PATCH", target, text: Self.malformed, headers: foreign))
    }

    @Test func idBeforeQuery() throws {
        let answer = try Shared.client.call("PATCH", "/api/v1/works/b!d?x=1", text: Self.malformed)
        expectRefusal(400_104, answer)
    }

    @Test func queryBeforeBody() throws {
        let client = try Shared.client
        let unknown = "/api/v1/works/\(unique())"
        expectRefusal(400_103, try client.call("PATCH", unknown + "?x=1", text: Self.malformed))
        expectRefusal(400_103, try client.call("POST", "/api/v1/works?x=1", text: Self.malformed))
        expectRefusal(400_103, try client.call("POST", unknown + "/tasks?x=1", text: Self.malformed))
    }

    @Test func bodyBeforeExistence() throws {
        let client = try Shared.client
        let unknown = "/api/v1/works/\(unique())"
        expectRefusal(400_100, try client.call("PATCH", unknown, text: Self.malformed))
        expectRefusal(400_100, try client.call("POST", unknown + "/tasks", text: Self.malformed))
        expectRefusal(400_100, try client.call("PATCH", unknown + "/tasks/abc", text: Self.malformed))
        let work = try client.create()
        expectRefusal(400_100, try client.call("PATCH", work.path + "/tasks/abc", text: Self.malformed))
    }

    @Test func existenceBeforeIfMatch() throws {
        let client = try Shared.client
        let old = ["If-Match": "\"99\""]
        let unknown = "/api/v1/works/\(unique())"
        expectRefusal(404_101, try client.call("PATCH", unknown, ["status": 9], headers: old))
        expectRefusal(404_101, try client.call("DELETE", unknown, headers: old))
        expectRefusal(404_101, try client.call("POST", unknown + "/restore", headers: old))
        let work = try client.create()
        expectRefusal(404_103, try client.call("PATCH", work.path + "/tasks/abc", ["status": 9], headers: old))
        try client.delete(work)
        expectRefusal(404_102, try client.call("PATCH", work.path, ["status": 9], headers: old))
    }

    @Test func existenceBeforeValues() throws {
        let client = try Shared.client
        let unknown = "/api/v1/works/\(unique())"
        expectRefusal(404_101, try client.call("PATCH", unknown, ["status": 9]))
        expectRefusal(404_101, try client.call("POST", unknown + "/tasks", ["status": 9]))
        expectRefusal(404_101, try client.call("PATCH", unknown + "/tasks/abc", ["status": 9]))
        let work = try client.create()
        expectRefusal(404_103, try client.call("PATCH", work.path + "/tasks/abc", ["status": 9]))
    }

    @Test func ifMatchBeforeValues() throws {
        let client = try Shared.client
        let work = try client.create()
        let old = ["If-Match": "\"99\""]
        expectRefusal(412_100, try client.call("PATCH", work.path, ["status": 9], headers: old))
        let task = try client.createTask(of: work, ["status": 1])
        expectRefusal(412_100, try client.call("PATCH", task.path, ["status": 9], headers: old))
    }

    @Test func aRefusedBodyIsNotReadFurther() throws {
        let headers = ["Content-Type": "multipart/form-data; boundary=x"]
        let answer = try Shared.client.call("POST", "/api/v1/works", text: Self.malformed, headers: headers)
        expectRefusal(415_100, answer)
    }
}
