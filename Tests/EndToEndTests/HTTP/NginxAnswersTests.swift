import Foundation
import TestSupport
import Testing

/// What nginx answers by itself: always the service's envelope, with nginx's name on it.
@Suite(.waiting) struct NginxAnswersTests {
    /// Runs a test on the shipped configuration in front of one socket, with a few lines added to cause every refusal.
    private func withNginx(before socket: String, in directory: ScratchDirectory, _ test: (Client) throws -> Void)
        throws
    {
        let address = try SocketAddress.freePort()
        let shipped = try Deployment.nginx(in: directory, listen: address, workers: [socket])
        let text = try String(contentsOfFile: shipped, encoding: .utf8)
            .replacing(#/proxy_read_timeout \d+s;/#, with: "proxy_read_timeout 1s;")
            .replacing(
                "    server {\n",
                with: """
                    limit_req_zone $http_x_limited zone=tests:64k rate=1r/m;
                    server {
                        limit_req zone=tests;
                        location = /tests/500 { return 500; }
                        location = /tests/503 { return 503; }

                    """,
                maxReplacements: 1
            )
        let configuration = try directory.write("changed.conf", text)
        let nginx = try NginxServer(in: directory, configuration: configuration, address: address)
        defer { nginx.stop() }
        try test(Client(address, keepsConnections: false))
    }

    private func expectNginx(_ code: Int, _ answer: Answer) {
        expectRefusal(code, answer)
        #expect(answer["X-Worker"] == "nginx", "\(answer)")
        let comesBack = [429, 502, 503, 504].contains(answer.status)
        #expect((answer["Retry-After"] != nil) == comesBack, "\(answer)")
        #expect((answer["Allow"] != nil) == (code == 405_100), "\(answer)")
    }

    private static let get = "GET /livez HTTP/1.1\r\nHost: localhost\r\n"

    @Test(arguments: [
        (400_105, "GARBAGE\r\n\r\n"),
        (400_105, "GET /livez HTTP/1.1\r\n\r\n"),
        (400_105, "GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: y\r\n\r\n"),
        (400_105, "GET /livez HTTP/1.2\r\nHost: localhost\r\n\r\n"),
        (400_105, "GET /livez HTTP/2.0\r\nHost: localhost\r\n\r\n"),
        (400_105, "POST /livez HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n"),
        (400_105, "POST /livez HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
        (400_105, "GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (404_100, "GET /.nginx/400105 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (405_100, "TRACE /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (405_100, "CONNECT /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (413_100, "POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000\r\n\r\n"),
        (414_100, "GET /" + String(repeating: "x", count: 8192) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (414_100, "GET /" + String(repeating: "x", count: 50_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (431_100, get + "X: " + String(repeating: "x", count: 42_000) + "\r\n\r\n"),
        (431_100, get + String(repeating: "X: " + String(repeating: "x", count: 1000) + "\r\n", count: 50) + "\r\n"),
        (500_100, "GET /tests/500 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (502_100, get + "\r\n"),
        (502_100, "DELETE /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (503_103, "GET /tests/503 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ])
    func areInTheEnvelope(code: Int, raw: String) throws {
        let directory = try ScratchDirectory()
        try withNginx(before: directory.file("nobody.sock"), in: directory) { client in
            let connection = try HTTPConnection(to: client.address)
            try? connection.send(raw: raw)
            expectNginx(code, try connection.receive())
        }
    }

    @Test func areInTheEnvelopeForTooManyRequests() throws {
        let directory = try ScratchDirectory()
        try withNginx(before: directory.file("nobody.sock"), in: directory) { client in
            for code in [502_100, 429_100, 429_100] {
                expectNginx(code, try client.call("GET", "/livez", headers: ["X-Limited": "me"]))
            }
        }
    }

    @Test(arguments: ["GET", "PATCH", "DELETE"]) func areInTheEnvelopeWhenAWorkerIsSilent(method: String) throws {
        let directory = try ScratchDirectory()
        let socket = directory.file("silent.sock")
        let listener = try SocketAddress.listen(at: .unix(socket))
        defer { close(listener) }
        try withNginx(before: socket, in: directory) { client in
            expectNginx(504_100, try client.call(method, "/livez"))
        }
    }
}
