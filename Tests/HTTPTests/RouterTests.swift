import HTTP
import Testing

struct RouterTests {
    /// The routes of the service in small; each handler is a name.
    private static let router: Router<String> = {
        var router = Router<String>()
        router.add(.get, "/works", "list")
        router.add(.post, "/works", "create")
        router.add(.get, "/works/search", "search")
        router.add(.get, "/works/:work_id", "read")
        router.add(.patch, "/works/:work_id", "update")
        router.add(.delete, "/works/:work_id", "delete")
        router.add(.post, "/works/:work_id/restore", "restore")
        router.add(.get, "/works/:work_id/tasks/:task_id", "task")
        router.add(.get, "/livez", "livez")
        return router
    }()

    /// A match in a few words.
    private func outcome(_ method: HTTP.Method, _ path: String) -> String {
        switch Self.router.match(method, path: path) {
        case .route(let route, let values): ([route.handler] + values).joined(separator: " ")
        case .methodNotAllowed(let allowed, _): "not allowed: " + allowed.map(\.rawValue).joined(separator: ",")
        case .none: "none"
        }
    }

    @Test(
        arguments: [
            (.get, "/works", "list"),
            (.post, "/works", "create"),
            (.get, "/works/a", "read a"),
            (.patch, "/works/a", "update a"),
            (.post, "/works/a/restore", "restore a"),
            (.get, "/works/a/tasks/b", "task a b"),
            (.head, "/works/a", "read a"),
            (.head, "/livez", "livez"),
        ] as [(HTTP.Method, String, String)]
    )
    func findsTheRoute(method: HTTP.Method, path: String, expected: String) {
        #expect(outcome(method, path) == expected)
    }

    @Test func prefersALiteralToAPlaceholder() {
        #expect(outcome(.get, "/works/search") == "search")
        #expect(outcome(.get, "/works/%73earch") == "search")
        #expect(outcome(.get, "/works/searching") == "read searching")
        // `search` is never an id, not even where the literal has no route.
        #expect(outcome(.delete, "/works/search") == "not allowed: GET,HEAD,OPTIONS")
        #expect(outcome(.get, "/works/search/tasks/b") == "none")
    }

    @Test(arguments: [
        "", "/", "//", "/Works", "/works/", "//works", "/works//restore", "/works/a/", "/works/a/tasks",
        "/works/a/tasks/", "/works/a/tasks/b/c", "/livez/", "/livez/x", "works", "*", "http://host/works",
        "/works%2Fa", "%2Fworks",
    ])
    func knowsNoOtherPath(path: String) {
        for method in HTTP.Method.allCases { #expect(outcome(method, path) == "none") }
    }

    @Test func decodesTheValuesOfPlaceholders() {
        #expect(outcome(.get, "/works/%41%62") == "read Ab")
        #expect(outcome(.get, "/works/%E4%BD%9C") == "read 作")
        #expect(outcome(.get, "/works/a+b") == "read a+b")
        #expect(outcome(.get, "/works/%20") == "read  ")
        #expect(outcome(.get, "/works/..") == "read ..")
    }

    @Test func doesNotSplitAtAnEncodedSlash() {
        #expect(outcome(.get, "/works/a%2Fb") == "read a/b")
        #expect(outcome(.get, "/works/a%2frestore") == "read a/restore")
    }

    /// The check of ids refuses a `%`, so what cannot be decoded is passed on as it is.
    @Test(arguments: ["%", "%4", "%zz", "a%", "%FF", "%C3", "%E4%BD", "%C0%80", "%ED%A0%80"])
    func passesOnWhatCannotBeDecoded(segment: String) {
        #expect(outcome(.get, "/works/\(segment)") == "read \(segment)")
    }

    @Test func passesOnANUL() {
        #expect(outcome(.get, "/works/a%00b") == "read a\0b")
    }

    @Test func listsTheMethodsOfAPath() {
        #expect(outcome(.patch, "/works") == "not allowed: GET,HEAD,POST,OPTIONS")
        #expect(outcome(.post, "/works/a") == "not allowed: GET,HEAD,PATCH,DELETE,OPTIONS")
        #expect(outcome(.get, "/works/a/restore") == "not allowed: POST,OPTIONS")
        #expect(outcome(.head, "/works/a/restore") == "not allowed: POST,OPTIONS")
        #expect(outcome(.options, "/works") == "not allowed: GET,HEAD,POST,OPTIONS")
        #expect(outcome(.other, "/works") == "not allowed: GET,HEAD,POST,OPTIONS")
    }

    @Test func listsItsRoutes() {
        let names = Self.router.routes.map(\.handler)
        #expect(names.count == 9)
        #expect(Set(names).count == 9)
    }

    @Test func hasNoRouteWhenEmpty() {
        guard case .none = Router<String>().match(.get, path: "/") else {
            Issue.record("a route in an empty router")
            return
        }
    }
}
