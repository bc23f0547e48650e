import Foundation
import Glibc
import TestSupport
import Testing

/// The service on three hosts: nginx and a worker on the first, a worker on the second, Redis on the third.
///
/// nginx listens on a unix socket, which the tests can reach from outside the network.
final class HostedService: Sendable {
    let directory: ScratchDirectory
    let network: HostNetwork
    let redis: RedisServer
    /// The workers' hosts.
    let hosts: [NetworkHost]
    private let keepers: [Child]
    private let nginx: NginxServer

    init() throws {
        directory = try ScratchDirectory()
        network = try HostNetwork(hosts: 3, in: directory)
        hosts = Array(network.hosts.prefix(2))
        let store = network.hosts[2]
        redis = try Deployment.redis(
            in: directory,
            settings: ["port": "6379", "bind": store.address],
            on: store
        )
        guard try Self.worksctl("install", directory, redis).ending == .exited(0) else {
            throw Missing("an installation")
        }
        let url = "redis://works:\(Deployment.workerPassword)@\(store.address):6379/0"
        keepers = try hosts.map { [directory] host in try Self.keeper(on: host, url, in: directory) }
        let entry = SocketAddress.unix(directory.file("nginx.sock"))
        let workers = hosts.map(Self.workerAddress)
        let configuration = try Deployment.nginx(in: directory, listen: entry, workers: workers, on: hosts[0])
        nginx = try NginxServer(in: directory, configuration: configuration, address: entry, on: hosts[0])
        try eventually("both workers serve; the processes wrote:\n\(output())") {
            let client = Client(entry)
            let answers = try (1...4).map { _ in try client.call("GET", "/readyz") }
            return answers.allSatisfy { $0.status == 200 } && Set(answers.map { $0["X-Worker"] }).count == 2
        }
    }

    /// Runs a test on a service of its own; if the test throws, the issue shows what the processes wrote.
    static func with(_ test: @Sendable (HostedService) async throws -> Void) async throws {
        let service = try HostedService()
        do { try await test(service) } catch {
            Issue.record(error, "the processes wrote:\n\(service.output())")
        }
        service.nginx.stop()
        service.keepers.forEach { $0.kill() }
        service.redis.stop()
    }

    /// Where clients connect.
    var address: SocketAddress { nginx.address }

    /// The name of a host's worker, as in `X-Worker`.
    static func worker(of host: NetworkHost) -> String { "worker-at-\(host.address)" }

    private static func workerAddress(_ host: NetworkHost) -> String { "\(host.address):8081" }

    /// Starts what systemd is on a real host: a process that owns the worker's socket, and starts a worker whenever
    /// there is none.
    private static func keeper(on host: NetworkHost, _ url: String, in directory: ScratchDirectory) throws -> Child {
        let script = """
            use IO::Socket::INET;
            use POSIX;
            my ($address, $file, @command) = @ARGV;
            $^F = 255;
            my $socket = IO::Socket::INET->new(LocalAddr => $address, Listen => 4096, ReuseAddr => 1) or die $@;
            while (1) {
                my $id = fork // die $!;
                if (!$id) {
                    POSIX::dup2(fileno $socket, 3);
                    @ENV{'LISTEN_FDS', 'LISTEN_PID'} = (1, $$);
                    exec @command;
                }
                open my $out, '>', "$file.new" or die $!;
                print $out $id;
                close $out;
                rename "$file.new", $file;
                waitpid $id, 0;
            }
            """
        let words = ["-e", script, workerAddress(host), directory.file(host.address), try Tools.built("works-worker")]
        return try Child(
            "worker on \(host.address)",
            try Tools.system("perl"),
            words,
            environment: ["WORKS_REDIS_URL": url, "WORKS_LOG": "text", "WORKS_ID": worker(of: host)],
            log: directory.file("worker-\(host.address).log"),
            on: host
        )
    }

    /// Runs `deploy/rolling-restart` on a host, where a script stands in for `systemctl`.
    func rollingRestart(on host: NetworkHost) throws {
        let bin = directory.file("bin-\(host.address)")
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        let file = directory.file(host.address)
        let systemctl = """
            #!/bin/sh
            case $1 in
                list-units) echo 'works-worker@1.service loaded active running Works worker 1' ;;
                show) echo 'Listen=\(Self.workerAddress(host)) (Stream)' ;;
                restart)
                    old=$(cat '\(file)')
                    kill -TERM "$old"
                    while [ "$(cat '\(file)')" = "$old" ]; do sleep 0.1; done ;;
            esac

            """
        try systemctl.write(toFile: "\(bin)/systemctl", atomically: false, encoding: .utf8)
        chmod("\(bin)/systemctl", 0o755)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let restart = try Child(
            "rolling-restart",
            try Tools.repositoryFile("deploy/rolling-restart"),
            environment: ["PATH": "\(bin):\(path)", "WORKS_DATA": directory.file("nobody")],
            log: directory.file("rolling-restart-\(unique())"),
            on: host
        )
        #expect(try restart.wait(atMost: .seconds(60)) == .exited(0), "\(restart.output())")
    }

    /// Expects that all hashes and indexes agree.
    func expectVerified() throws {
        let (ending, output) = try Self.worksctl("verify", directory, redis)
        #expect(ending == .exited(0), "\(output)")
    }

    private static func worksctl(
        _ command: String,
        _ directory: ScratchDirectory,
        _ redis: RedisServer
    ) throws -> (ending: Child.Ending, output: String) {
        let url = Deployment.redisURL("worksadmin", Deployment.operatorPassword, at: redis.socket)
        let log = directory.file("worksctl-\(command)")
        let tool = try Tools.built("worksctl")
        let child = try Child("worksctl", tool, [command], environment: ["WORKS_REDIS_URL": url], log: log)
        return (try child.wait(atMost: .seconds(60)), child.output())
    }

    func output() -> String {
        let workers = keepers.map { "\n--- \($0.name)\n\($0.output())" }.joined()
        return "--- nginx\n\(nginx.output())\n--- redis\n\(redis.output())" + workers
    }
}
