import Foundation
import TestSupport
import Testing

/// What keeps a page of another site from using the service through the browser of someone who may reach it.
@Suite(.sharingAStack) struct BrowserTests {
    /// The body that a form of type `text/plain` or `navigator.sendBeacon` can send without asking the service first.
    private static let draft = """
        {"user_id":"u","name":"n","description":"d","type":"BATCH","category":"FLINK_SQL"}
        """

    private func create(_ client: Client, _ headers: [String: String]) throws -> Answer {
        try client.call("POST", "/api/v1/works", text: Self.draft, headers: headers)
    }

    /// Over plain HTTP, a browser sends `Sec-Fetch-Site` to an address, and to a host name only `Origin`.
    @Test func aForeignPageWritesNothing() throws {
        let entrance = try Shared.client
        for client in [entrance, try Shared.stack.worker(0), try Shared.stack.worker(2)] {
            for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080"] {
                for origin in ["http://evil.test:9100", "http://localhost:9100", "https://localhost", "null"] {
                    for type in ["text/plain", "application/json", "application/x-www-form-urlencoded"] {
                        let headers = ["Host": host, "Origin": origin, "Content-Type": type]
                        expectRefusal(403_100, try create(client, headers), saying: "WORKS_ORIGINS")
                        let marked = headers.merging(["Sec-Fetch-Site": "cross-site"]) { $1 }
                        expectRefusal(403_100, try create(client, marked))
                    }
                }
                expectRefusal(403_100, try create(client, ["Host": host, "Sec-Fetch-Site": "same-site"]))
            }
        }
    }

    @Test func aListedPageWrites() async throws {
        var options = Stack.Options.oneWorker
        options.workerSettings = ["WORKS_ORIGINS": "http://10.0.0.7:8000, https://tools.corp "]
        try await Stack.with(options) { stack in
            for origin in ["https://tools.corp", "https://Tools.corp:443", "http://10.0.0.7:8000"] {
                let headers = ["Origin": origin, "Sec-Fetch-Site": "cross-site"]
                try expectSuccess(create(stack.worker(0), headers))
            }
            expectRefusal(403_100, try create(stack.worker(0), ["Origin": "http://tools.corp"]))
        }
    }

    /// nginx passes the port on.
    @Test func aPageOfTheServiceWrites() throws {
        for client in [try Shared.client, try Shared.stack.worker(0)] {
            for host in ["localhost", "localhost:8080", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080"] {
                try expectSuccess(create(client, ["Host": host, "Origin": "http://\(host)"]))
            }
            try expectSuccess(create(client, ["Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"]))
            try expectSuccess(create(client, ["Sec-Fetch-Site": "none"]))
            try expectSuccess(create(client, ["Content-Type": "application/x-www-form-urlencoded"]))
        }
    }

    @Test func aForeignPageMayReadNothingEither() throws {
        let answer = try Shared.client.call("GET", "/api/v1/works", headers: ["Origin": "http://evil.test"])
        try expectSuccess(answer)
        let asked = ["Origin": "http://evil.test", "Access-Control-Request-Method": "PATCH"]
        try expectSuccess(Shared.client.call("OPTIONS", "/api/v1/works", headers: asked))
    }

    @Test func everyKindOfAnswerIsClosedToOtherPages() throws {
        for client in [try Shared.client, try Shared.stack.worker(0)] {
            for (method, path) in [
                ("GET", "/metrics"), ("GET", "/openapi.json"), ("GET", "/livez"), ("HEAD", "/api/v1/works"),
                ("GET", "/nope"), ("PUT", "/livez"), ("OPTIONS", "/livez"), ("GET", "/%"),
            ] {
                let answer = try client.call(method, path)
                #expect(answer.all("X-Content-Type-Options") == ["nosniff"], "\(answer)")
                #expect(answer.all("Cross-Origin-Resource-Policy") == ["same-origin"], "\(answer)")
            }
        }
    }

    /// A compressed body would be another representation, which the strong `ETag` does not name.
    @Test func noAnswerIsCompressed() throws {
        for path in ["/api/v1/works", "/openapi.json"] {
            let answer = try Shared.client.call("GET", path, headers: ["Accept-Encoding": "gzip, br, deflate"])
            #expect(answer.status == 200 && answer["Content-Encoding"] == nil, "\(answer)")
        }
    }

    /// A page under such a name, made to point to the service, would be of the service's own origin for the browser.
    @Test(arguments: [
        "rebind.test", "rebind.test:8080", "127.0.0.1.evil.test", "1.2.3.4.5", "evil-localhost", "localhost.evil.test",
        "works", "x", "nginx", "a_b.test",
    ])
    func aForeignHostNameIsNotServed(host: String) throws {
        let client = try Shared.client
        for (method, path) in [
            ("GET", "/api/v1/works"), ("PATCH", "/api/v1/works/w"), ("DELETE", "/api/v1/works/w?purge=true"),
            ("POST", "/api/v1/works"), ("PUT", "/livez/x"), ("GET", "/metrics"), ("GET", "/openapi.json"),
            ("GET", "/nope"), ("OPTIONS", "/api/v1/works"),
        ] {
            let answer = try client.call(method, path, headers: ["Host": host, "Origin": "http://\(host)"])
            expectRefusal(421_100, answer, saying: "WORKS_HOSTS")
            #expect(answer["X-Worker"] == "nginx")
        }
        for path in ["/livez", "/readyz", "/livez?x=1"] {
            let answer = try client.call("GET", path, headers: ["Host": host])
            #expect(answer["X-Worker"] != "nginx", "\(answer)")
        }
        try expectSuccess(Shared.stack.worker(0).call("GET", "/api/v1/works", headers: ["Host": host]))
    }

    @Test(arguments: [
        "localhost", "LocalHost:8080", "works.localhost", "a.b.localhost:1", "127.0.0.1", "10.0.0.7:8080", "[::1]",
        "[FE80::1]:8080", "localhost.",
    ])
    func anAddressAndTheMachinesNamesAreServed(host: String) throws {
        try expectSuccess(Shared.client.call("GET", "/api/v1/works", headers: ["Host": host]))
    }

    @Test func aRequestWithoutHostIsServed() throws {
        let connection = try HTTPConnection(to: Shared.client.address)
        try connection.send(raw: "GET /api/v1/works HTTP/1.0\r\n\r\n")
        try expectSuccess(connection.receive())
    }

    @Test func theMachinesOwnNameIsServed() throws {
        let name = try String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8).split(separator: "\n")[0]
        try expectSuccess(Shared.client.call("GET", "/api/v1/works", headers: ["Host": "\(name.uppercased()):8080"]))
    }
}
