import HTTP
package import Loop
import Redis
import Store
import Works

/// What the worker itself knows and the service does not.
package struct ProcessGauges: Sendable {
    package var connections: Int
    package var residentBytes: Int

    package init(connections: Int, residentBytes: Int) {
        self.connections = connections
        self.residentBytes = residentBytes
    }
}

/// The numbers of one endpoint.
struct Tally {
    struct Outcome: Equatable {
        let method: Method
        let status: Int
        let code: Int
    }

    /// There are a handful at most, so that comparing beats hashing.
    private(set) var outcomes: [(outcome: Outcome, count: Int)] = []
    /// How many requests took no longer than the bound of the same index, and longer than the one before; the last is
    /// for those beyond every bound.
    private(set) var buckets = [Int](repeating: 0, count: Tally.boundsMicroseconds.count + 1)
    private(set) var microseconds = 0

    mutating func add(_ outcome: Outcome, microseconds: Int) {
        if let known = outcomes.firstIndex(where: { $0.outcome == outcome }) {
            outcomes[known].count += 1
        } else {
            outcomes.append((outcome, 1))
        }
        self.microseconds += microseconds
        let bucket = Self.boundsMicroseconds.firstIndex { microseconds <= $0 } ?? Self.boundsMicroseconds.count
        buckets[bucket] += 1
    }

    static let boundsMicroseconds = [
        100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    ]
}

/// What the service counts.
@LoopActor package final class Metrics {
    var requestsInProgress = 0
    /// Every endpoint that has been asked, in the order of their first request.
    private(set) var endpoints: [Endpoint] = []

    func count(_ method: Method, _ endpoint: Endpoint, status: Int, code: Int, microseconds: Int) {
        if endpoint.tally.outcomes.isEmpty { endpoints.append(endpoint) }
        endpoint.tally.add(Tally.Outcome(method: method, status: status, code: code), microseconds: microseconds)
    }
}

extension Service {
    /// The metrics in Prometheus' text format.
    func exposition() -> [UInt8] {
        var text = Exposition()
        let tallies = Dictionary(grouping: metrics.endpoints, by: \.template).sorted { $0.key < $1.key }
        text.family("works_http_requests_total", "counter", "Requests answered.")
        for (template, endpoints) in tallies {
            for endpoint in endpoints {
                for (outcome, count) in endpoint.tally.outcomes {
                    text.sample(
                        "works_http_requests_total",
                        [
                            ("method", outcome.method.rawValue), ("route", template),
                            ("status", String(outcome.status)), ("code", String(outcome.code)),
                        ],
                        String(count)
                    )
                }
            }
        }
        text.family("works_http_request_duration_seconds", "histogram", "Time from request line to answer.")
        for (template, endpoints) in tallies { text.histogram(of: endpoints.map(\.tally), route: template) }
        text.gauge("works_http_requests_in_progress", "Requests waiting for their answer.", metrics.requestsInProgress)
        if let gauges = gauges?() {
            text.gauge("works_http_connections", "Open client connections.", gauges.connections)
            text.gauge("process_resident_memory_bytes", "Resident memory.", gauges.residentBytes)
        }
        text.redis(store.counters, isUsable: store.isUsable)
        text.family("works_build_info", "gauge", "The running version.")
        text.sample("works_build_info", [("version", settings.version), ("worker", settings.worker)], "1")
        return text.bytes
    }
}
