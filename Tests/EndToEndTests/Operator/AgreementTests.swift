import Foundation
import TestSupport
import Testing

/// Values that several files repeat and that keep a promise only if they agree.
@Suite(.waiting) struct AgreementTests {
    private func text(_ file: String) throws -> String {
        try String(contentsOfFile: Tools.repositoryFile(file), encoding: .utf8)
    }

    /// The number in the first match; no match is an error.
    private func number(_ pattern: Regex<(Substring, Substring)>, in text: String) throws -> Int {
        let match = try #require(text.firstMatch(of: pattern))
        return try #require(Int(match.1))
    }

    private func output(of program: String, _ flag: String) throws -> String {
        let directory = try ScratchDirectory()
        let child = try Child(program, try Tools.built(program), [flag], log: directory.file("output"))
        #expect(try child.wait() == .exited(0))
        return child.output()
    }

    private func help() throws -> String { try output(of: "works-worker", "--help") }

    /// Then it is always nginx that closes a connection between the two, never with a request on its way.
    @Test func nginxClosesAnIdleConnectionBeforeTheWorkerDoes() throws {
        let upstream = try #require(try text("deploy/nginx.conf").components(separatedBy: "upstream works {").last)
        let nginx = try number(#/keepalive_timeout (\d+)s;/#, in: upstream)
        let linger = try number(#/--linger-seconds N\n.*default (\d+)/#, in: help())
        let idle = try number(#/--idle-seconds N\n.*default (\d+)/#, in: help())
        #expect(nginx < linger && linger < idle)
        let least = try number(#/need_number "\$name" (\d+) /#, in: text("deploy/run"))
        #expect(nginx < least && least <= linger)
    }

    /// Then nginx gives up on a worker only if that is silent, not if it waits for its storage.
    @Test func nginxWaitsLongerForAWorkerThanTheWorkerForItsStore() throws {
        let nginx = try text("deploy/nginx.conf")
        let read = try number(#/ {12}proxy_read_timeout (\d+)s;/#, in: nginx)
        let others = try number(#/\n {4}proxy_read_timeout (\d+)s;/#, in: nginx)
        let reply = try number(#/--redis-command-ms N\n.*default (\d+)/#, in: help())
        #expect(read * 1000 >= 5 * reply && others > read)
        // A read may be tried again when it has timed out, and nothing else may.
        let tries = try number(#/proxy_next_upstream_timeout (\d+)s;/#, in: nginx)
        #expect(read < tries && tries < others)
    }

    @Test func systemdWaitsForAWorkerToDrain() throws {
        let drain = try number(#/--drain-seconds N\n.*default (\d+)/#, in: help())
        #expect(try number(#/TimeoutStopSec=(\d+)/#, in: text("deploy/units/works-worker@.service")) > drain)
        #expect(try number(#/WORKS_DRAIN_SECONDS=(\d+)/#, in: text("deploy/units/worker.env")) == drain)
        #expect(try number(#/WORKS_DRAIN_SECONDS:-(\d+)\}/#, in: text("deploy/run")) == drain)
    }

    /// Then a new worker without a store is stopped before it takes requests from the worker it was to replace.
    @Test func aRollingRestartGivesUpBeforeTheNewWorkerDoes() throws {
        let worker = try number(
            #/storeWaitMax = Duration\.seconds\((\d+)\)/#,
            in: text("Sources/works-worker/Worker.swift")
        )
        let patience = try number(#/\nready_seconds=(\d+)/#, in: text("deploy/supervise"))
        let look = try number(#/--max-time (\d+)/#, in: text("deploy/supervise"))
        #expect(patience + look < worker)
    }

    @Test func prometheusAsksWhereNginxHasTheMetrics() throws {
        let nginx = try number(#/OPERATOR_LISTEN:-127\.0\.0\.1:(\d+)\}/#, in: text("deploy/nginx-conf"))
        let run = try text("deploy/run")
        #expect(try number(#/PORT:-(\d+)\}/#, in: run) + number(#/\(\(PORT \+ (\d+)\)\)/#, in: run) == nginx)
        let targets = try text("deploy/prometheus.yml").matches(of: #/ - (127\S+)/#).map { String($0.1) }
        #expect(targets == (1...2).map { "127.0.0.1:\(nginx)/metrics/\($0)" })
    }

    @Test func theProgramsAndTheDocumentTellOneVersion() throws {
        let document = try Value(parsing: text("Sources/API/openapi.json"))
        let version = try #require(document["info"]["version"].string)
        for program in ["works-worker", "worksctl"] {
            #expect(try output(of: program, "--version") == "\(program) \(version)\n")
        }
    }

    @Test(arguments: [
        "maxmemory-policy noeviction", "appendonly yes", "appendfsync always", "set-max-intset-entries 32768",
        "hash-max-listpack-value 2048",
    ])
    func redisIsConfiguredAsTheServiceRequires(_ setting: String) throws {
        #expect(try text("deploy/redis.conf").split(separator: "\n").contains(Substring(setting)))
    }
}
