import TestSupport
import Testing

/// The setting of `nginx-conf` that names the hosts which nginx serves.
@Suite(.waiting) struct HostNamesTests {
    /// Renders the shipped configuration before a socket where nobody listens, so that a host which is served gets 502.
    private func withNginx(hosts: String, _ test: (Client) throws -> Void) throws {
        let directory = try ScratchDirectory()
        let address = try SocketAddress.freePort()
        let configuration = try Deployment.nginx(
            in: directory,
            listen: address,
            workers: [directory.file("nobody.sock")],
            settings: ["WORKS_HOSTS": hosts]
        )
        let nginx = try NginxServer(in: directory, configuration: configuration, address: address)
        defer { nginx.stop() }
        try test(Client(address, keepsConnections: false))
    }

    private func expect(_ code: Int, _ client: Client, from hosts: String...) throws {
        for host in hosts { expectRefusal(code, try client.call("GET", "/api/v1/works", headers: ["Host": host])) }
    }

    @Test func namesOneHostOrAllBelowAName() throws {
        try withNginx(hosts: "Works.corp, .corp.example,localhost,.localhost,works.corp,a.corp.example") { client in
            let served = [
                "works.corp", "WORKS.CORP:8080", "a.corp.example", "b.a.corp.example:1", "localhost", "a.localhost",
            ]
            for host in served { try expect(502_100, client, from: host) }
            try expect(
                421_100,
                client,
                from: "a.works.corp",
                "corp.example",
                "evilcorp.example",
                "corp",
                "works.corp.evil"
            )
        }
    }

    /// These words mean something else in nginx's map.
    @Test func aNameMayBeAWordOfNginx() throws {
        try withNginx(hosts: "default,hostnames,include,volatile") { client in
            try expect(502_100, client, from: "default", "hostnames", "include", "volatile")
            try expect(421_100, client, from: "evil.test")
        }
    }

    @Test func aNameMayBeAsLongAsNamesAre() throws {
        let label = String(repeating: "a", count: 63)
        let longest = "\(label).\(label).\(label).\(String(repeating: "b", count: 61))"
        let many = (1...1000).map { "host\($0).corp" }.joined(separator: ",")
        try withNginx(hosts: "\(longest),\(many)") { client in
            try expect(502_100, client, from: longest, "host1000.corp")
            try expect(421_100, client, from: "host1001.corp")
        }
    }

    @Test func canServeEveryName() throws {
        try withNginx(hosts: "*") { client in
            try expect(502_100, client, from: "evil.test", "corp", "127.0.0.1", "localhost")
        }
    }

    @Test func servesOnlyTheMachineByDefault() throws {
        try withNginx(hosts: "") { client in
            try expect(502_100, client, from: "localhost", "10.1.2.3")
            try expect(421_100, client, from: "works.corp")
        }
    }

    /// Nothing of the setting may become nginx's configuration but a name.
    @Test(arguments: [
        "a b", "a\nb", "é", ",", "a,,b", "x;", "~.*", "a..b", ".", "..a", "a.", "*.a", "a*", "\"a\"", "$a", "{}",
        "-a", "a-", "http://a", "a:80", "a/b", "volatile;", String(repeating: "a", count: 64),
        String(repeating: "a.", count: 127) + "a",
    ])
    func refusesWhatIsNoName(hosts: String) throws {
        let directory = try ScratchDirectory()
        let log = directory.file("log")
        let script = try Tools.repositoryFile("deploy/nginx-conf")
        let child = try Child(
            "nginx-conf",
            script,
            ["/tmp/none.sock"],
            environment: ["WORKS_HOSTS": hosts, "STATE": directory.file("state")],
            log: log
        )
        #expect(try child.wait() == .exited(64))
        #expect(child.output().contains("WORKS_HOSTS"))
        #expect(child.output().split(separator: "\n").count == 1, "\(child.output())")
    }
}
