import HTTP
import TestSupport
import Testing

@testable import API

/// Faults that the server finds before the service sees the request, and bodies that are refused or ignored.
@Suite struct FaultTests {
    @Test(arguments: [
        (HTTPFault.headerMalformed, 400_105), (.targetTooLong, 414_100), (.headersTooLarge, 431_100),
        (.overloaded, 503_103),
    ])
    func isReportedOnEveryPath(fault: HTTPFault, code: Int) async throws {
        try await withService { api in
            for target in ["/livez", "/api/v1/works", "/nope"] {
                let answer = try await api.call(.get, target) { $0.fault = fault }
                expectRefusal(code, answer)
                #expect((answer["Retry-After"] == nil) == (code != 503_103))
            }
        }
    }

    @Test(arguments: [
        (Method.post, "/api/v1/works"), (.patch, "/api/v1/works/w"), (.delete, "/api/v1/works/w"),
        (.get, "/api/v1/works/w"),
        (.get, "/api/v1/works"), (.post, "/api/v1/works/w/restore"), (.get, "/api/v1/works/w/tasks"),
        (.post, "/api/v1/works/w/tasks"), (.get, "/api/v1/works/w/tasks/t"), (.patch, "/api/v1/works/w/tasks/t"),
    ])
    func bodiesThatAreTooLargeOrOfAnotherKindAreRefused(method: Method, target: String) async throws {
        try await withService { api in
            expectRefusal(413_100, try await api.call(method, target) { $0.fault = .bodyTooLarge })
            for type in ["multipart/form-data; boundary=x", "Multipart/Mixed"] {
                expectRefusal(415_100, try await api.call(method, target, ["a": 1]) { $0.fields.contentType = type })
            }
            for encoding in ["gzip", "deflate, gzip", "identity, gzip", "nonsense"] {
                let answer = try await api.call(method, target, ["a": 1]) { $0.fields.contentEncoding = encoding }
                expectRefusal(415_100, answer)
                #expect(answer.json["msg"].string?.contains("'Content-Encoding'") == true, "\(answer)")
            }
        }
    }

    @Test(arguments: [
        "text/plain", "application/x-www-form-urlencoded", "", "multipart", "application/json; charset=x",
    ])
    func anyOtherTypeIsReadAsJSON(type: String) async throws {
        try await withService { api in
            let answer = try await api.call(.post, "/api/v1/works", someWork) { $0.fields.contentType = type }
            #expect(answer.code == 0)
        }
    }

    @Test(arguments: ["identity", "Identity", ""])
    func anUncompressedBodyIsRead(encoding: String) async throws {
        try await withService { api in
            let answer = try await api.call(.post, "/api/v1/works", someWork) { $0.fields.contentEncoding = encoding }
            #expect(answer.code == 0)
        }
    }

    @Test func aTypeOrEncodingWithoutABodyIsIgnored() async throws {
        try await withService { api in
            let work = try await api.create()
            for (method, target) in [
                (Method.get, path(of: work)), (.get, "/api/v1/works"), (.get, path(of: work) + "/tasks"),
                (.delete, path(of: work)), (.post, path(of: work) + "/restore"),
            ] {
                let answer = try await api.call(method, target) {
                    $0.fields.contentType = "multipart/mixed"
                    $0.fields.contentEncoding = "gzip"
                }
                #expect(answer.code == 0, "\(method) \(target)")
            }
        }
    }

    @Test(arguments: ["/livez", "/readyz", "/metrics", "/openapi.json"])
    func aTooLargeBodyIsRefusedWhereNoneIsExpected(target: String) async throws {
        try await withService { api in
            expectRefusal(413_100, try await api.call(.get, target) { $0.fault = .bodyTooLarge })
            expectRefusal(413_100, try await api.call(.options, target) { $0.fault = .bodyTooLarge })
        }
    }

    @Test func aBodyWithoutMeaningIsIgnored() async throws {
        try await withService { api in
            let work = try await api.create()
            #expect(try await api.call(.get, path(of: work) + "/tasks", text: #"{"work_id": "x",}"#).code == 0)
            #expect(try await api.call(.get, path(of: work), text: "{nonsense").code == 0)
            #expect(try await api.call(.delete, path(of: work), text: "{nonsense").code == 0)
            #expect(try await api.call(.post, path(of: work) + "/restore", text: "{nonsense").code == 0)
        }
    }

    @Test func theBodyOfAGetHasItsOwnBound() async throws {
        try await withService { api in
            let work = try await api.create()
            for target in ["/api/v1/works", path(of: work), path(of: work) + "/tasks"] {
                let full = [UInt8](repeating: 32, count: 64 << 10)
                let answer = try await api.call(.get, target) { $0.body = full }
                #expect(answer.code == 0)
                expectRefusal(413_100, try await api.call(.get, target) { $0.body = full + [32] })
                expectRefusal(413_100, try await api.call(.head, target) { $0.body = full + [32] })
            }
            let large = [UInt8](repeating: 32, count: (64 << 10) + 1)
            let answer = try await api.call(.delete, path(of: work)) { $0.body = large }
            #expect(answer.code == 0)
        }
    }

    @Test(arguments: [
        "", " ", "[]", "null", "{", "{}x", "{,}", #"{"a":1,,}"#, #"{"a":1,"a":1}"#, "{\"a\":\"\u{1}\"}", "NaN",
    ])
    func aBodyThatIsNotAnObjectIsRefused(text: String) async throws {
        try await withService { api in
            expectRefusal(400_100, try await api.call(.post, "/api/v1/works", text: text))
        }
    }
}
