import HTTP
import Loop
import Redis
import TestSupport
import Testing

@testable import API

/// The metrics as Prometheus reads them.
@Suite struct MetricsTests {
    @Test func everySampleBelongsToTheFamilyBeforeIt() async throws {
        try await withService { api in
            _ = try await api.create()
            _ = try await api.call(.get, "/nope")
            let answer = try await api.call(.get, "/metrics")
            #expect(answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            let metrics = try Metrics(answer.text)
            #expect(Set(metrics.families.map(\.name)).count == metrics.families.count)
            #expect(Set(metrics.samples.map(\.series)).count == metrics.samples.count)
            for sample in metrics.samples {
                #expect(sample.belongs, "\(sample.series) in \(sample.family.name)")
                if sample.family.type == "counter" { #expect(sample.family.name.hasSuffix("_total")) }
            }
        }
    }

    @Test func requestsAreCountedByRouteAndOutcome() async throws {
        try await withService { api in
            let work = try await api.create()
            for _ in 0..<3 { _ = try await api.call(.get, path(of: work)) }
            _ = try await api.call(.get, "/api/v1/works/other")
            _ = try await api.call(.head, path(of: work))
            _ = try await api.call(.other, path(of: work))
            _ = try await api.call(.get, "/nope/\(path(of: work))")
            let metrics = try Metrics(try await api.call(.get, "/metrics").text)
            func count(_ method: String, _ route: String, _ status: Int, _ code: Int) -> String? {
                metrics[
                    "works_http_requests_total",
                    #"method="\#(method)",route="\#(route)",status="\#(status)",code="\#(code)""#
                ]
            }
            let item = "/api/v1/works/:work_id"
            #expect(count("POST", "/api/v1/works", 200, 0) == "1")
            #expect(count("GET", item, 200, 0) == "3")
            #expect(count("GET", item, 404, 404_101) == "1")
            #expect(count("HEAD", item, 200, 0) == "1")
            #expect(count("OTHER", item, 405, 405_100) == "1")
            #expect(count("GET", "none", 404, 404_100) == "1")
            #expect(metrics["works_http_request_duration_seconds_count", #"route="\#(item)""#] == "6")
        }
    }

    @Test func theStoreIsCounted() async throws {
        try await withService { api in
            let before = try Metrics(try await api.call(.get, "/metrics").text)
            let work = try await api.create()
            _ = try await api.call(.get, path(of: work))
            let after = try Metrics(try await api.call(.get, "/metrics").text)
            for name in ["works_redis_commands_total", "works_redis_round_trips_total"] {
                let grown = try #require(Int(after[name, ""] ?? "")) - #require(Int(before[name, ""] ?? ""))
                #expect(grown >= 3, "\(name)")
            }
            #expect(after["works_redis_up", ""] == "1")
            #expect(after["works_redis_connections_total", ""] == "1")
            #expect(after["works_http_requests_in_progress", ""] == "1")
            // The worker looks at its Redis from time to time.
            try await until("no command is in flight") {
                let metrics = try Metrics(try await api.call(.get, "/metrics").text)
                return metrics["works_redis_commands_in_flight", ""] == "0"
            }
        }
    }

    @Test func whatTheProcessUsesIsReported() async throws {
        try await withService { api in
            await api.tell(
                ProcessUsage(
                    connections: 7,
                    startMicroseconds: 1_764_347_972_000_123,
                    cpuMicroseconds: 12_000_345,
                    residentBytes: 12_345,
                    openDescriptors: 21,
                    descriptorsMax: 1024
                )
            )
            let metrics = try Metrics(try await api.call(.get, "/metrics").text)
            #expect(metrics["works_http_connections", ""] == "7")
            #expect(metrics["process_start_time_seconds", ""] == "1764347972.000123")
            #expect(metrics["process_cpu_seconds_total", ""] == "12.000345")
            #expect(metrics["process_resident_memory_bytes", ""] == "12345")
            #expect(metrics["process_open_fds", ""] == "21")
            #expect(metrics["process_max_fds", ""] == "1024")
            #expect(metrics["works_build_info", #"version="1.2.3",id="w1""#] == "1")
        }
    }

    @Test func whatIsNotKnownOfTheProcessIsLeftOut() async throws {
        try await withService { api in
            await api.tell(
                ProcessUsage(
                    connections: 7,
                    startMicroseconds: 0,
                    cpuMicroseconds: 0,
                    residentBytes: nil,
                    openDescriptors: nil,
                    descriptorsMax: nil
                )
            )
            let metrics = try Metrics(try await api.call(.get, "/metrics").text)
            let names = metrics.families.map(\.name).filter { $0.hasPrefix("process_") }
            #expect(names == ["process_start_time_seconds", "process_cpu_seconds_total"])
        }
    }

    @Test func theWorksInTheStoreAreCounted() async throws {
        try await withService { api in
            for status in [0, 2, 2, 7, 7, 7] { _ = try await api.create(["status": .integer(status)]) }
            for _ in 0..<2 {
                let work = try await api.create(["status": 5])
                _ = try await api.call(.delete, path(of: work))
            }
            let metrics = try Metrics(try await api.call(.get, "/metrics").text)
            for (status, count) in [1, 0, 2, 0, 0, 0, 0, 3].enumerated() {
                #expect(metrics["works_live", #"status="\#(status)""#] == String(count), "status \(status)")
            }
            #expect(metrics["works_in_trash", ""] == "2")
            #expect(Int(metrics["works_redis_memory_used_bytes", ""] ?? "") ?? 0 > 500_000)
            #expect(metrics["works_redis_memory_max_bytes", ""] == "0")
        }
    }

    /// A scrape must not fail, and need not wait, because the store is away.
    @Test func withoutAStoreTheOtherMetricsAreThereAtOnce() async throws {
        let nowhere = RedisAddress(.unix(path: "/nonexistent/redis.sock"))
        try await withService(over: nowhere) { api in
            let start = ContinuousClock.now
            let metrics = try Metrics(try await api.call(.get, "/metrics").text)
            #expect(ContinuousClock.now - start < .seconds(2))
            let names = Set(metrics.families.map(\.name))
            #expect(names.isSuperset(of: ["works_redis_up", "works_redis_errors_total", "works_build_info"]))
            #expect(names.isDisjoint(with: Self.familiesOfTheStore))
            // A scrape is not a failure of the store.
            #expect(metrics["works_redis_errors_total", #"kind="disconnected""#] == "0")
        }
    }

    private static let familiesOfTheStore = [
        "works_live", "works_in_trash", "works_redis_memory_used_bytes", "works_redis_memory_max_bytes",
    ]
}

extension ServiceUnderTest {
    @LoopActor fileprivate func tell(_ usage: ProcessUsage) {
        service.processUsage = { usage }
    }
}

/// The text format, read line by line; a line that is not part of it is an error.
private struct Metrics {
    struct Family {
        let name: String
        let type: String
    }

    struct Sample {
        let name: String
        let labels: String
        let value: String
        let family: Family

        var series: String { "\(name){\(labels)}" }

        var belongs: Bool {
            let suffixes = family.type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
            return suffixes.contains { family.name + $0 == name } && Double(value) != nil
        }
    }

    private(set) var families: [Family] = []
    private(set) var samples: [Sample] = []

    init(_ text: String) throws {
        var help: Substring?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if let match = line.wholeMatch(of: /# HELP ([a-z_]+) .+/) {
                help = match.output.1
            } else if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge|histogram)/) {
                guard help == match.output.1 else { throw Missing("help before \(line)") }
                families.append(Family(name: String(match.output.1), type: String(match.output.2)))
            } else if let match = line.wholeMatch(of: /([a-z_]+)(?:\{([^}]*)\})? (\S+)/), let family = families.last {
                samples.append(
                    Sample(
                        name: String(match.output.1),
                        labels: String(match.output.2 ?? ""),
                        value: String(match.output.3),
                        family: family
                    )
                )
            } else {
                throw Missing("a sense in \(line)")
            }
        }
    }

    subscript(name: String, labels: String) -> String? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }
}
