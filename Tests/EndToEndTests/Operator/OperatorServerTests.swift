import TestSupport
import Testing

/// nginx's server for the operator, where Prometheus finds the metrics of each worker.
@Suite(.sharingAStack) struct OperatorServerTests {
    @Test func eachPathHasTheMetricsOfOneWorker() throws {
        let stack = try Shared.stack
        for _ in 0..<5 {
            for slot in 1...2 {
                let answer = try stack.prometheus.call("GET", "/metrics/\(slot)")
                #expect(answer.status == 200)
                #expect(answer.all("X-Worker") == [stack.workers[slot - 1].name])
                #expect(answer["Content-Type"]?.hasPrefix("text/plain; version=0.0.4") == true)
                #expect(answer.all("X-Request-Id").count == 1)
                #expect(answer.all("X-Content-Type-Options") == ["nosniff"])
                #expect(answer.all("Cross-Origin-Resource-Policy") == ["same-origin"])
            }
        }
    }

    @Test func aWorkerThatIsDownIsNotReplacedByAnother() async throws {
        try await Stack.with { stack in
            stack.workers[0].stop()
            stack.workers[0].closeListener()
            for _ in 0..<5 {
                expectNginx(502_100, try stack.prometheus.call("GET", "/metrics/1"))
                #expect(try stack.prometheus.call("GET", "/metrics/2")["X-Worker"] == stack.workers[1].name)
            }
            try expectSuccess(stack.client.call("GET", "/livez"))
        }
    }

    @Test(arguments: [
        "/", "/metrics", "/metrics/", "/metrics/0", "/metrics/01", "/metrics/1/", "/metrics/1%0A", "/METRICS/1",
        "/metrics/3", "/metrics/x", "/metrics/works", "/livez", "/readyz", "/openapi.json", "/api/v1/works",
        "/.nginx/404100",
    ])
    func hasNothingElse(path: String) throws {
        for method in ["GET", "POST", "DELETE"] {
            expectNginx(404_100, try Shared.stack.prometheus.call(method, path))
        }
    }

    @Test(arguments: ["/metrics", "/metrics?x=1", "//metrics", "/./metrics", "/%6Detrics"])
    func theClientsServerHasNoMetrics(path: String) throws {
        for method in ["GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"] {
            expectNginx(404_100, try Shared.client.call(method, path))
        }
        #expect(try Shared.client.call("HEAD", path).status == 404)
        #expect(try Shared.client.call("GET", "/metrics/1").status == 404)
    }

    @Test(arguments: ["rebind.test", "works", "127.0.0.1.evil.test:9145"]) func servesKnownHostsOnly(host: String)
        throws
    {
        for path in ["/metrics/1", "/metrics/3", "/metrics"] {
            expectNginx(421_100, try Shared.stack.prometheus.call("GET", path, headers: ["Host": host]))
        }
    }

    @Test func theWorkerRefusesWhatIsNoReadingOfItsMetrics() throws {
        let stack = try Shared.stack
        for answer in [
            try stack.prometheus.call("GET", "/metrics/1?x=1"), try stack.prometheus.call("PUT", "/metrics/1"),
        ] {
            expectRefusal(answer.status == 405 ? 405_100 : 400_103, answer)
            #expect(answer["X-Worker"] == stack.workers[0].name)
        }
        #expect(try stack.prometheus.call("HEAD", "/metrics/1").body.isEmpty)
    }

    @Test(arguments: [
        (400_105, "GARBAGE\r\n\r\n"),
        (400_105, "GET /metrics/1 HTTP/1.2\r\nHost: localhost\r\n\r\n"),
        (405_100, "TRACE /metrics/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (413_100, "GET /metrics/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n"),
        (414_100, "GET /metrics/1?" + String(repeating: "x", count: 8192) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (
            431_100,
            "GET /metrics/1 HTTP/1.1\r\nHost: localhost\r\nX: " + String(repeating: "x", count: 42_000) + "\r\n\r\n"
        ),
    ])
    func refusesLikeTheClientsServer(code: Int, raw: String) throws {
        let connection = try HTTPConnection(to: Shared.stack.prometheus.address)
        try? connection.send(raw: raw)
        expectNginx(code, try connection.receive())
    }

    private func expectNginx(_ code: Int, _ answer: Answer) {
        expectRefusal(code, answer)
        #expect(answer["X-Worker"] == "nginx", "\(answer)")
    }
}
