import HTTP
import TestSupport
import Testing

@testable import API

/// Which of several errors is reported: route, method, origin, id, query, body, existence, If-Match, values.
///
/// The first request has every fault; each later one lacks the fault that the one before reported.
@Suite struct ErrorOrderTests {
    /// The faults of a request, in the order in which they are reported.
    enum Fault: Int, CaseIterable {
        case route, method, origin, id, query, body, existence, condition, values
    }

    private static let workCodes: [(Fault, Int)] = [
        (.route, 404_100), (.method, 405_100), (.origin, 403_100), (.id, 400_104), (.query, 400_103),
        (.body, 400_100), (.existence, 404_101), (.condition, 412_100), (.values, 400_101),
    ]

    @Test func ofAPatchOfAWork() async throws {
        try await withService { api in
            let work = try await api.create()
            for (fault, code) in Self.workCodes {
                expectRefusal(code, try await api.send(Self.patch(of: path(of: work), id: "w", firstFault: fault)))
            }
        }
    }

    @Test func ofAPatchOfATask() async throws {
        try await withService { api in
            let work = try await api.create()
            let task = try await api.createTask(of: work)
            let good = "\(path(of: work))/tasks/\(task["task_id"].string ?? "")"
            for (fault, code) in Self.workCodes {
                let request = Self.patch(of: good, id: "w/tasks/t", firstFault: fault)
                expectRefusal(code, try await api.send(request))
            }
        }
    }

    /// A patch of `good` with this fault and all that are reported after it.
    private static func patch(of good: String, id: String, firstFault: Fault) -> Request {
        func has(_ fault: Fault) -> Bool { firstFault.rawValue <= fault.rawValue }
        var target = has(.existence) ? "/api/v1/works/\(id)" : good
        if has(.id) { target += "%21" }
        if has(.route) { target = "/nope" + target }
        if has(.query) { target += "?colour=1" }
        var request = Request(method: has(.method) ? .other : .patch, target: target)
        request.body = Array((has(.body) ? "{" : #"{"status":9}"#).utf8)
        if has(.origin) { request.fields.origin = "https://evil.test" }
        if has(.condition) { request.fields.ifMatch = #""99""# }
        return request
    }

    @Test func theWorkComesBeforeTheTask() async throws {
        try await withService { api in
            let work = try await api.create()
            let draft: Value = ["status": 1]
            expectRefusal(404_101, try await api.call(.get, "/api/v1/works/w/tasks/t"))
            expectRefusal(404_103, try await api.call(.get, path(of: work) + "/tasks/t"))
            _ = try await api.call(.delete, path(of: work))
            expectRefusal(404_102, try await api.call(.get, path(of: work) + "/tasks/t"))
            expectRefusal(404_102, try await api.call(.patch, path(of: work) + "/tasks/t", draft))
            expectRefusal(404_102, try await api.call(.post, path(of: work) + "/tasks", draft))
            expectRefusal(404_102, try await api.call(.get, path(of: work) + "/tasks"))
        }
    }

    @Test func theWorksIDComesBeforeTheTasks() async throws {
        try await withService { api in
            let answer = try await api.call(.get, "/api/v1/works/b!d/tasks/b!d")
            expectRefusal(400_104, answer)
            #expect(answer.json["msg"].string?.contains("work_id") == true)
            let other = try await api.call(.get, "/api/v1/works/good/tasks/b!d")
            #expect(other.json["msg"].string?.contains("task_id") == true)
        }
    }

    @Test func theIdempotencyKeyIsCheckedBeforeTheValues() async throws {
        try await withService { api in
            let first = try await api.call(.post, "/api/v1/works", someWork) { $0.fields.idempotencyKey = "k" }
            #expect(first.code == 0)
            let second = try await api.call(.post, "/api/v1/works", ["status": 9]) { $0.fields.idempotencyKey = "k" }
            expectRefusal(422_100, second)
        }
    }

    @Test func aMalformedKeyComesBeforeTheBody() async throws {
        try await withService { api in
            let answer = try await api.call(.post, "/api/v1/works", [:]) { request in
                request.fields.idempotencyKey = "\u{7F}"
                request.body = Array("{".utf8)
            }
            expectRefusal(400_105, answer)
        }
    }
}
