import HTTP
import Loop
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
            #expect(after["works_redis_commands_in_flight", ""] == "0")
            #expect(after["works_http_requests_in_progress", ""] == "1")
        }
    }

    @Test func theWorkersOwnGaugesAreReported() async throws {
        try await withService { api in
            await api.tell(ProcessGauges(connections: 7, residentBytes: 12_345))
            let metrics = try Metrics(try await api.call(.get, "/metrics").text)
            #expect(metrics["works_http_connections", ""] == "7")
            #expect(metrics["process_resident_memory_bytes", ""] == "12345")
            #expect(metrics["works_build_info", #"version="1.2.3",worker="w1""#] == "1")
        }
    }
}

extension ServiceUnderTest {
    @LoopActor fileprivate func tell(_ gauges: ProcessGauges) {
        service.gauges = { gauges }
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
