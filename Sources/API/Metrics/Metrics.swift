import HTTP
public import Loop
import Store
import Works

/// What only the process knows about itself, not the service.
public struct ProcessGauges: Sendable {
    public var connections: Int
    public var residentBytes: Int

    public init(connections: Int, residentBytes: Int) {
        self.connections = connections
        self.residentBytes = residentBytes
    }
}

/// What the service counts.
@LoopActor public final class Metrics {
    var requestsInProgress = 0
    /// Every endpoint that has had a request, in the order of their first requests.
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
