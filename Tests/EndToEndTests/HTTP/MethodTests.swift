import TestSupport
import Testing

/// HEAD wherever GET, OPTIONS with `Allow`, and 405 for every other method.
@Suite(.sharingAStack) struct MethodTests {
    private static let routes: [(path: String, methods: Set<String>)] = [
        ("/api/v1/works", ["GET", "HEAD", "POST", "OPTIONS"]),
        ("/api/v1/works/search", ["GET", "HEAD", "OPTIONS"]),
        ("/api/v1/works/abc", ["GET", "HEAD", "PATCH", "DELETE", "OPTIONS"]),
        ("/api/v1/works/abc/restore", ["POST", "OPTIONS"]),
        ("/api/v1/works/abc/tasks", ["GET", "HEAD", "POST", "OPTIONS"]),
        ("/api/v1/works/abc/tasks/def", ["GET", "HEAD", "PATCH", "OPTIONS"]),
        ("/livez", ["GET", "HEAD", "OPTIONS"]),
        ("/readyz", ["GET", "HEAD", "OPTIONS"]),
        ("/metrics", ["GET", "HEAD", "OPTIONS"]),
        ("/openapi.json", ["GET", "HEAD", "OPTIONS"]),
    ]

    private func allowed(_ answer: Answer) -> Set<String> {
        let names = answer.all("Allow").joined(separator: ",").split(separator: ",")
        return Set(names.map { String($0.drop { $0 == " " }) })
    }

    @Test(arguments: routes) func saysWhatIsAllowed(_ path: String, _ methods: Set<String>) throws {
        let client = try Shared.stack.worker(0)
        let options = try client.call("OPTIONS", path)
        #expect(options.status == 200)
        #expect(options.text == #"{"code":0}"#)
        #expect(allowed(options) == methods)
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] where !methods.contains(method) {
            let answer = try client.call(method, path)
            #expect(allowed(answer) == methods, "\(method)")
            if method == "HEAD" { #expect(answer.status == 405) } else { expectRefusal(405_100, answer) }
        }
    }

    @Test(arguments: ["PUT", "POST", "DELETE", "FOO", "PROPFIND", "TRACE", "LINK"])
    func refusesOtherMethodsBeforeAndBehindNginx(_ method: String) throws {
        expectRefusal(405_100, try Shared.client.call(method, "/api/v1/works/search"))
        expectRefusal(405_100, try Shared.stack.worker(0).call(method, "/api/v1/works/search"))
    }

    @Test func answersHeadLikeGetWithoutTheBody() throws {
        let client = try Shared.client
        let work = try client.create()
        let task = try client.createTask(of: work, ["status": 1])
        let user = work.data["user_id"].string ?? ""
        let paths = [
            work.path, task.path, work.path + "/tasks", "/api/v1/works?user_id=\(user)",
            "/api/v1/works/search?user_id=\(user)", "/openapi.json", "/api/v1/works/\(unique())", "/nope",
            "/api/v1/works?limit=x",
        ]
        for path in paths {
            let get = try client.call("GET", path)
            let head = try client.call("HEAD", path)
            #expect(head.status == get.status, "\(path)")
            for name in ["Content-Type", "Content-Length", "ETag", "X-Total-Count", "Link"] {
                #expect(head.all(name) == get.all(name), "\(path) \(name)")
            }
        }
    }

    @Test func answersOptionsOnUnknownRoutesWithTheirRefusal() throws {
        expectRefusal(404_100, try Shared.client.call("OPTIONS", "/nope"))
    }
}
