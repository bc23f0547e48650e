import HTTP
import TestSupport
import Testing

@testable import API

/// Which requests of a browser are refused because of the page that sent them.
struct OriginRuleTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var site: String?
        var origin: String?
        var host: String? = "works.corp:8080"
        var isRefused: Bool

        var testDescription: String { "site \(site ?? "-"), origin \(origin ?? "-"), host \(host ?? "-")" }
    }

    private static let examples = [
        // No browser.
        Example(isRefused: false),
        Example(host: nil, isRefused: false),
        // The browser says how the page relates to the service. It has the last word: it knows both schemes.
        Example(site: "same-origin", isRefused: false),
        Example(site: "none", isRefused: false),
        Example(site: "same-site", isRefused: true),
        Example(site: "cross-site", isRefused: true),
        Example(site: "", isRefused: true),
        Example(site: "Same-Origin", isRefused: true),
        Example(site: "future-value", isRefused: true),
        Example(site: "same-origin", origin: "https://works.corp", isRefused: false),
        Example(site: "cross-site", origin: "http://works.corp:8080", isRefused: true),
        // Plain HTTP under a host name, where it says only the origin.
        Example(origin: "http://works.corp:8080", isRefused: false),
        Example(origin: "http://WORKS.corp:8080", isRefused: false),
        Example(origin: "https://works.corp:8080", isRefused: false),
        Example(origin: "http://works.corp", isRefused: true),
        Example(origin: "http://works.corp:8081", isRefused: true),
        Example(origin: "http://evil.test:8080", isRefused: true),
        Example(origin: "http://works.corp.evil.test:8080", isRefused: true),
        Example(origin: "null", isRefused: true),
        Example(origin: "", isRefused: true),
        Example(origin: "works.corp:8080", isRefused: true),
        Example(origin: "file://", isRefused: true),
        Example(origin: "http://works.corp:8080", host: nil, isRefused: true),
        Example(origin: "http://works.corp:8080", host: "", isRefused: true),
        // A missing port is that of the origin's scheme.
        Example(origin: "http://works.corp", host: "works.corp", isRefused: false),
        Example(origin: "http://works.corp", host: "works.corp:80", isRefused: false),
        Example(origin: "https://works.corp", host: "works.corp", isRefused: false),
        Example(origin: "https://works.corp", host: "works.corp:80", isRefused: true),
        Example(origin: "http://10.0.0.7:8080", host: "10.0.0.7:8080", isRefused: false),
        Example(origin: "http://[::1]:8080", host: "[::1]:8080", isRefused: false),
        Example(origin: "http://[::1]", host: "[::1]", isRefused: false),
        // A listed page, whatever the browser says.
        Example(origin: "https://tools.corp", isRefused: false),
        Example(site: "cross-site", origin: "https://tools.corp", isRefused: false),
        Example(site: "same-site", origin: "https://TOOLS.corp:443", isRefused: false),
        Example(origin: "http://tools.corp", isRefused: true),
        Example(site: "cross-site", origin: "https://tools.corp:8443", isRefused: true),
    ]

    @Test(arguments: examples) func judgesThePage(_ example: Example) throws {
        let rule = OriginRule(allowed: [try #require(Origin("https://tools.corp"))])
        var request = Request(method: .get, target: "/")
        request.fields.secFetchSite = example.site
        request.fields.origin = example.origin
        request.fields.host = example.host
        for method in [Method.post, .patch, .delete, .other] {
            request.method = method
            #expect(rule.refuses(request) == example.isRefused)
        }
        for method in [Method.get, .head, .options] {
            request.method = method
            #expect(!rule.refuses(request))
        }
    }

    @Test func aRefusedRequestChangesNothing() async throws {
        try await withService(origins: [try #require(Origin("https://tools.corp"))]) { api in
            let work = try await api.create()
            let task = try await api.createTask(of: work)
            let path = path(of: work)
            let writes: [(Method, String, Value?)] = [
                (.post, "/api/v1/works", someWork), (.patch, path, ["status": 2]), (.delete, path, nil),
                (.delete, path + "?purge=true", nil), (.post, path + "/restore", nil),
                (.post, path + "/tasks", ["status": 1]),
                (.patch, "\(path)/tasks/\(task["task_id"].string ?? "")", ["status": 2]),
            ]
            for (method, target, body) in writes {
                let answer = try await api.call(method, target, body) { $0.fields.origin = "http://evil.test" }
                expectRefusal(403_100, answer)
            }
            let works = try await api.call(.get, "/api/v1/works") { $0.fields.origin = "http://evil.test" }
            #expect(works.data.items.count == 1)
            #expect(try await api.call(.get, path).data == work)
            #expect(try await api.call(.get, path + "/tasks").data.items == [task])
            let allowed = try await api.call(.patch, path, ["status": 2]) { $0.fields.origin = "https://tools.corp" }
            #expect(allowed.code == 0)
        }
    }
}
