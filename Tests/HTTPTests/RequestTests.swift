import HTTP
import Testing

struct RequestTests {
    @Test(
        arguments: [
            ("/a/b", "/a/b", nil),
            ("/a?b=c", "/a", "b=c"),
            ("/a?", "/a", ""),
            ("/a?b?c", "/a", "b?c"),
            ("/a%3Fb", "/a%3Fb", nil),
            ("?", "", ""),
            ("", "", nil),
        ] as [(String, String, String?)]
    )
    func splitsItsTargetAtTheFirstQuestionMark(target: String, path: String, query: String?) {
        let request = Request(method: .get, target: target)
        #expect(request.path == path)
        #expect(request.query == query)
    }

    @Test(arguments: ["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"])
    func knowsItsMethod(token: String) {
        #expect(HTTP.Method(token: token).rawValue == token)
    }

    @Test(arguments: ["get", "PUT", "TRACE", "GETS", "", "BREW"])
    func knowsNoOtherMethod(token: String) {
        #expect(HTTP.Method(token: token) == .other)
    }

    @Test func responseReturnsTheFirstFieldOfAName() {
        let response = Response(status: 200, fields: [.init("A", "1"), .init("B", "2"), .init("A", "3")])
        #expect(response["A"] == "1")
        #expect(response["B"] == "2")
        #expect(response["C"] == nil)
    }
}
