import Foundation
import TestSupport
import Testing

/// What `nginx-conf` takes as a worker and as a setting; everything else is one line on stderr and exit code 64.
@Suite(.waiting) struct NginxConfTests {
    private static let usual = ["STATE": "/tmp/works-nginx", "LISTEN": "127.0.0.1:8080"]

    private func nginxConf(
        _ workers: [String],
        _ settings: [String: String] = [:],
        in directory: ScratchDirectory
    ) throws -> (ending: Child.Ending, path: String, output: String) {
        let script = try Tools.repositoryFile("deploy/nginx-conf")
        let path = directory.file("nginx-\(unique()).conf")
        let environment = Self.usual.merging(settings) { $1 }
        let child = try Child("nginx-conf", script, workers, environment: environment, log: path)
        let ending = try child.wait()
        return (ending, path, try String(contentsOfFile: path, encoding: .utf8))
    }

    private func expectRefused(_ workers: [String], _ settings: [String: String] = [:], saying word: String) throws {
        let (ending, _, output) = try nginxConf(workers, settings, in: try ScratchDirectory())
        #expect(ending == .exited(64), "\(output.prefix(500))")
        #expect(output.hasSuffix("\n") && output.split(separator: "\n").count == 1, "\(output.prefix(500))")
        #expect(output.hasPrefix("nginx-conf: ") && output.contains(word), "\(output.prefix(500))")
    }

    @Test(arguments: [
        ("/run/works/1.sock", "\"unix:/run/works/1.sock\" max_fails=0;"),
        ("/用户/1.sock", "\"unix:/用户/1.sock\" max_fails=0;"),
        ("/a b/1.sock", "\"unix:/a b/1.sock\" max_fails=0;"),
        ("192.0.2.11:8081", "\"192.0.2.11:8081\" max_fails=2 fail_timeout=10s;"),
        ("[2001:db8:0:0::12]:65535", "\"[2001:db8::12]:65535\" max_fails=2 fail_timeout=10s;"),
        ("Works-1.corp:8081", "\"works-1.corp:8081\" max_fails=2 fail_timeout=10s;"),
        ("localhost:1", "\"localhost:1\" max_fails=2 fail_timeout=10s;"),
    ])
    func aWorkerIsASocketOrAnAddress(worker: String, line: String) throws {
        let (ending, _, output) = try nginxConf([worker], in: try ScratchDirectory())
        #expect(ending == .exited(0), "\(output.prefix(500))")
        #expect(output.contains("        server \(line)\n"))
    }

    @Test(arguments: [
        "", "relative.sock", "a/b.sock", "unix:/a", "/a\"", "/a;", "/a$b", "/a{", "/a}", "/a#", "/a\\", "/a'",
        "/a:b", "/a\nb", "/" + String(repeating: "x", count: 107), ":80", "192.0.2.11", "192.0.2.11:",
        "192.0.2.11:0", "192.0.2.11:080", "192.0.2.11:65536", "192.0.2.11:8 1", "192.0.2.11:8081\n",
        "192.0.2.256:80", "192.0.2:80", "192.0.2.011:80", "::1:80", "[::1]", "[::1:80", "::1]:80", "[::g]:80", "[]:80",
        "[192.0.2.1]:80", "[fe80::1%eth0]:80", "corp", "-a:80", "a..b:80", ".corp:80", "a_b.:80", "a;b:80", "*:80",
        "a:80 backup", "a:80;", "é:80",
    ])
    func refusesWhatIsNoWorker(_ worker: String) throws {
        try expectRefused(["/run/works/1.sock", worker], saying: "a worker must be")
    }

    @Test(arguments: [
        ["/a.sock", "/b.sock", "/a.sock"], ["192.0.2.11:80", "192.0.2.11:80"], ["[::1]:80", "[0:0::1]:80"],
        ["Works.corp:80", "works.corp:80"],
    ])
    func refusesAWorkerThatIsGivenTwice(_ workers: [String]) throws {
        try expectRefused(workers, saying: "'\(workers.last ?? "")' is given twice")
    }

    @Test(arguments: ["8080", "*:8080", "0.0.0.0:1", "[::]:8080", "[2001:db8::1]:80", "localhost:80", "unix:/a/b.sock"])
    func listensWhereItIsTold(_ listen: String) throws {
        let (ending, _, output) = try nginxConf(["/a.sock"], ["LISTEN": listen], in: try ScratchDirectory())
        #expect(ending == .exited(0), "\(output.prefix(500))")
        #expect(output.contains("        listen \"\(listen)\" default_server backlog=4096;\n"))
        let (_, _, other) = try nginxConf(["/a.sock"], ["OPERATOR_LISTEN": listen], in: try ScratchDirectory())
        #expect(other.contains("        listen \"\(listen)\" default_server;\n"))
    }

    @Test(arguments: [
        "x", "127.0.0.1", "127.0.0.1:", ":80", "0", "65536", "8080 ssl", "8080; include /etc/passwd", "works.corp:80",
        "::1:80", "[::1]", "[::g]:80", "127.0.0.1:80\n", "*", "unix:", "unix:a", "unix:/a;b", "/a",
    ])
    func refusesWhereNobodyCanListen(_ listen: String) throws {
        try expectRefused(["/a.sock"], ["LISTEN": listen], saying: " LISTEN must be")
        try expectRefused(["/a.sock"], ["OPERATOR_LISTEN": listen], saying: "OPERATOR_LISTEN must be")
    }

    @Test(arguments: ["STATE", "PIDFILE", "REFUSED_LOG"], ["relative", "/a\"; x", "/a$b", "/a\\", "/a\nb"])
    func refusesWhatIsNoPath(name: String, path: String) throws {
        try expectRefused(["/a.sock"], [name: path], saying: "\(name) must be an absolute path")
    }

    @Test(arguments: ["a b", "a;", "-a", "a$", "a\n", "a\""]) func refusesWhatIsNoUser(_ user: String) throws {
        try expectRefused(["/a.sock"], ["NGINX_USER": user], saying: "NGINX_USER must be")
    }

    @Test func needsAWorkerAndAState() throws {
        try expectRefused([], saying: "usage")
        try expectRefused(["/a.sock"], ["STATE": ""], saying: "usage")
    }

    /// A silent host must not use up all tries of a request.
    @Test(arguments: [
        (["/1.sock", "/2.sock", "/3.sock"], 2), (["a:1", "b:1", "c:1"], 2), (["a:1", "a:2", "a:3", "b:1", "b:2"], 4),
        (["/1.sock", "[::1]:1", "[0::1]:2"], 3),
    ])
    func triesOneMoreThanTheWorkersOfAHost(workers: [String], tries: Int) throws {
        let (_, _, output) = try nginxConf(workers, in: try ScratchDirectory())
        #expect(output.contains("    proxy_next_upstream_tries \(tries);\n"))
    }

    @Test func nginxTakesEveryKindOfWorker() throws {
        let directory = try ScratchDirectory()
        let workers = [directory.file("a 1.sock"), "192.0.2.11:8081", "[2001:db8::12]:8081", "localhost:8083"]
        let settings = [
            "STATE": directory.path, "LISTEN": try SocketAddress.freePort().description,
            "OPERATOR_LISTEN": try SocketAddress.freePort().description,
        ]
        let (ending, path, output) = try nginxConf(workers, settings, in: directory)
        #expect(ending == .exited(0), "\(output.prefix(500))")
        let words = ["-t", "-q", "-e", "stderr", "-p", directory.path, "-c", path]
        let nginx = try Child("nginx", try Tools.system("nginx"), words, log: directory.file("log"))
        #expect(try nginx.wait() == .exited(0), "\(nginx.output())")
    }
}
