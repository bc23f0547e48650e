import HTTP
import TestSupport
import Testing

@testable import API

/// Which methods a path has, and how others are answered.
@Suite struct MethodTests {
    private static let paths = [
        ("/api/v1/works", "GET, HEAD, POST, OPTIONS"),
        ("/api/v1/works/search", "GET, HEAD, OPTIONS"),
        ("/api/v1/works/w", "GET, HEAD, PATCH, DELETE, OPTIONS"),
        ("/api/v1/works/w/restore", "POST, OPTIONS"),
        ("/api/v1/works/w/tasks", "GET, HEAD, POST, OPTIONS"),
        ("/api/v1/works/w/tasks/t", "GET, HEAD, PATCH, OPTIONS"),
        ("/livez", "GET, HEAD, OPTIONS"),
        ("/readyz", "GET, HEAD, OPTIONS"),
        ("/metrics", "GET, HEAD, OPTIONS"),
        ("/openapi.json", "GET, HEAD, OPTIONS"),
    ]

    @Test func theTableHasEveryPath() async {
        let templates = Set(await Service.routes.routes.map(\.handler.template))
        #expect(templates.count == Self.paths.count)
    }

    @Test(arguments: paths)
    func optionsListsTheMethods(target: String, allowed: String) async throws {
        try await withService { api in
            let answer = try await api.call(.options, target)
            #expect(answer.status == 200)
            #expect(answer.text == #"{"code":0}"#)
            #expect(answer.all("Allow") == [allowed])
        }
    }

    @Test(arguments: paths)
    func otherMethodsAreRefused(target: String, allowed: String) async throws {
        try await withService { api in
            let methods = allowed.split(separator: ", ").compactMap { Method(rawValue: String($0)) }
            for method in Method.allCases {
                let answer = try await api.call(method, target)
                if methods.contains(method) {
                    #expect(answer.code != 405_100, "\(method)")
                } else {
                    expectRefusal(405_100, answer)
                    #expect(answer.all("Allow") == [allowed], "\(method)")
                }
            }
        }
    }

    @Test func headIsAnsweredAsGet() async throws {
        try await withService { api in
            let work = try await api.create()
            for target in ["/api/v1/works", path(of: work), path(of: work) + "/tasks", "/livez", "/openapi.json"] {
                let get = try await api.call(.get, target) { $0.id = "same" }
                let head = try await api.call(.head, target) { $0.id = "same" }
                #expect(head.status == get.status)
                #expect(head.headers == get.headers)
            }
        }
    }

    @Test(arguments: [
        "/", "/nope", "/api/v1/works/", "//api/v1/works", "/api/v1//works", "/api/v1/works/w/nope", "/API/v1/works",
        "/api/v1/works/w/tasks/t/u", "/livez/", "api/v1/works", "*", "",
    ])
    func otherPathsAreUnknownWhateverTheMethod(target: String) async throws {
        try await withService { api in
            for method in Method.allCases {
                let answer = try await api.call(method, target)
                expectRefusal(404_100, answer)
                #expect(answer["Allow"] == nil)
            }
        }
    }
}
