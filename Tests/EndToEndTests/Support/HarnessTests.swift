import Foundation
import TestSupport
import Testing

/// The tests' own tools, checked against programs whose behaviour is known: nginx, Redis, a shell.
@Suite(.waiting) struct HarnessTests {
    /// An nginx that answers by itself, without workers.
    private func nginx(_ directory: ScratchDirectory, _ locations: String) throws -> NginxServer {
        let address = try SocketAddress.freePort()
        let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \($0);" }.joined()
        let text = """
            \(ProcessInfo.processInfo.userName == "root" ? "user root;" : "")
            worker_processes 1; pid nginx.pid; events {}
            http { access_log off; default_type text/plain; \(paths) server { listen \(address); \(locations) } }
            """
        let configuration = try directory.write("plain.conf", text)
        return try NginxServer(in: directory, configuration: configuration, address: address)
    }

    /// An outgoing connection could occupy a port of the kernel's own range before the server listens on it.
    @Test func aFreePortIsGivenOnceAndToServersOnly() throws {
        let ports = try (0..<500).map { _ in try SocketAddress.freePort() }
        #expect(Set(ports).count == ports.count)
        for case .port(let number) in ports { #expect(number < 32_768) }
    }

    @Test func clientReadsEveryKindOfAnswer() throws {
        let directory = try ScratchDirectory()
        try directory.write("file", String(repeating: "0123456789", count: 20_000))
        let server = try nginx(
            directory,
            """
            location /short { add_header X-Twice a; add_header X-Twice b; return 200 "short"; }
            location /empty { return 204; }
            location /file { root \(directory.path); }
            location /chunked { root \(directory.path); rewrite .* /file break; gzip on; gzip_types *; }
            """
        )
        defer { server.stop() }
        let client = Client(server.address)
        for _ in 0..<3 {
            let short = try client.call("GET", "/short")
            #expect(short.status == 200)
            #expect(short.text == "short")
            #expect(short.all("x-twice") == ["a", "b"])
            #expect(try client.call("GET", "/empty").status == 204)
            #expect(try client.call("GET", "/file").body.count == 200_000)
            #expect(try client.call("HEAD", "/file").body.isEmpty)
            let chunked = try client.call("GET", "/chunked", headers: ["Accept-Encoding": "gzip"])
            #expect(chunked["Transfer-Encoding"] == "chunked")
            #expect(chunked.body.starts(with: [0x1f, 0x8b]))
            #expect(try client.call("GET", "/none").status == 404)
        }
        let connection = try HTTPConnection(to: server.address)
        try connection.wire.send(Call("GET", "/short").bytes + Call("GET", "/none").bytes)
        #expect(try connection.receive().status == 200)
        #expect(try connection.receive().status == 404)
        try connection.send(Call("GET", "/short", headers: ["Connection": "close"]))
        #expect(try connection.receive().status == 200)
        #expect(try connection.isClosedByServer())
    }

    @Test func clientsRunSideBySide() async throws {
        let directory = try ScratchDirectory()
        let server = try nginx(directory, "location / { return 200 $request_uri; }")
        defer { server.stop() }
        let client = Client(server.address)
        let counts = try await concurrently(8) { index in
            try (0..<50).filter { try client.call("GET", "/\(index)/\($0)").text == "/\(index)/\($0)" }.count
        }
        #expect(counts == Array(repeating: 50, count: 8))
    }

    @Test func childrenEndWithTheirOwner() throws {
        let directory = try ScratchDirectory()
        let numbers = directory.file("numbers")
        var child: Child? = try Child(
            "shell",
            "/bin/sh",
            ["-c", "sleep 100 & echo $! > \(numbers); echo ready; wait"],
            log: directory.file("log")
        )
        try eventually("the shell is ready") { child?.output() == "ready\n" }
        let grandchild = try #require(pid_t(try String(contentsOfFile: numbers, encoding: .utf8).dropLast()))
        #expect(kill(grandchild, 0) == 0)
        child = nil
        try eventually("its child is gone") {
            let status = try? String(contentsOfFile: "/proc/\(grandchild)/stat", encoding: .utf8)
            return status?.contains(") Z ") ?? true
        }
    }

    @Test func childrenReportTheirEnd() throws {
        let directory = try ScratchDirectory()
        let log = directory.file("log")
        #expect(try Child("one", "/bin/sh", ["-c", "exit 3"], log: log).wait() == .exited(3))
        #expect(try Child("two", "/bin/sh", ["-c", "kill -9 $$"], log: log).wait() == .killed(by: SIGKILL))
        let stubborn = try Child("three", "/bin/sh", ["-c", "trap '' TERM; echo x; sleep 100"], log: log)
        try eventually("it ignores SIGTERM") { stubborn.output().contains("x") }
        #expect(stubborn.stop(atMost: .milliseconds(200)) == nil)
        #expect(!stubborn.isRunning)
        #expect(throws: (any Error).self) { try Child("four", "/no/such/program", log: log) }
    }

    @Test func redisSurvivesItsRestart() throws {
        let directory = try ScratchDirectory()
        let redis = try Deployment.redis(in: directory, settings: [:])
        #expect(try redis.command("SET", "key", "value\r\n") == .text("OK"))
        redis.kill()
        #expect(throws: (any Error).self) { try redis.command("PING") }
        try redis.start()
        #expect(try redis.command("GET", "key") == .text("value\r\n"))
        #expect(try redis.command("GET", "other") == .null)
        try redis.command("RPUSH", "list", "a", "b")
        #expect(try redis.command("LRANGE", "list", "0", "-1").texts == ["a", "b"])
        redis.stop()
    }

    @Test func aFaultProxySpoilsTheWire() throws {
        let directory = try ScratchDirectory()
        let redis = try RedisServer(in: directory)
        for address in [SocketAddress.unix(directory.file("proxy")), try SocketAddress.freePort()] {
            let proxy = try FaultProxy(at: address, before: redis.address)
            defer { proxy.end() }
            let probe = try RedisProbe(to: address)
            #expect(try probe.command("SET", "key", "1") == .text("OK"))

            proxy.mode = .delay(.milliseconds(50))
            let start = ContinuousClock.now
            #expect(try probe.command("GET", "key") == .text("1"))
            #expect(ContinuousClock.now - start >= .milliseconds(100))

            proxy.mode = .dropReplies
            #expect(throws: Wire.Failure.silent) { try probe.command(["INCR", "key"], patience: .milliseconds(100)) }
            #expect(try redis.command("GET", "key") == .text("2"), "the request went through")
            proxy.mode = .pass
            #expect(throws: Wire.Failure.closed) { try probe.command("GET", "key") }

            let second = try RedisProbe(to: address)
            try second.command("PING")
            proxy.mode = .stall
            #expect(throws: Wire.Failure.silent) { try second.command(["INCR", "key"], patience: .milliseconds(100)) }
            #expect(try redis.command("GET", "key") == .text("2"), "the request waits")
            proxy.mode = .pass
            try eventually("the request arrives") { try redis.command("GET", "key") == .text("3") }

            let third = try RedisProbe(to: address)
            try third.command("PING")
            proxy.cut()
            #expect(throws: Wire.Failure.closed) { try third.command("PING") }
            proxy.mode = .refuse
            #expect(throws: Wire.Failure.closed) { try RedisProbe(to: address).command("PING") }
            try redis.command("DEL", "key")
        }
        redis.stop()
    }

    /// A second shutdown would hit whatever has meanwhile been given the number of the proxy's descriptor.
    @Test func aFaultProxyEndsOnce() throws {
        let directory = try ScratchDirectory()
        let redis = try RedisServer(in: directory)
        for round in 0..<20 {
            let address = SocketAddress.unix(directory.file("proxy-\(round)"))
            let proxy = try FaultProxy(at: address, before: redis.address)
            proxy.end()
            try eventually("the proxy has ended") { (try? Wire(to: address)) == nil }
            // One of these has that number, unless another test was faster.
            let probes = try (0..<20).map { _ in try RedisProbe(to: redis.address) }
            proxy.end()
            for probe in probes { #expect(try probe.command("PING") == .text("PONG")) }
        }
        redis.stop()
    }

    @Test func readsJSONStrictly() throws {
        let text = #"{"b":[1,-2.5e1,true,false,null,"\u00e9\ud83d\ude00\n"],"a":{}}"#
        let value = try Value(parsing: text)
        #expect(value.keys == ["b", "a"])
        #expect(value["b"] == [1, -25.0, true, false, nil, "é😀\n"])
        #expect(value["a"] == [:])
        #expect(try Value(parsing: value.description) == value)
        for bad in ["", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "1 2", "\"\n\"", "\"\\ud800\"", "nul"] {
            #expect(throws: Value.Malformed.self, "\(bad)") { try Value(parsing: bad) }
        }
    }
}
