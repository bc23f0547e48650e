import HTTP
public import Loop
import Store
import Works

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
    ///
    /// What is in the store is left out if the store does not tell it soon: the other metrics must not depend on it.
    func exposition() async -> [UInt8] {
        // Counted before the store is asked, so that this request's own commands are not in flight.
        let counters = store.counters
        let storeUsage = await Timer.wait(atMost: Self.storePatience) { [store] in try? await store.usage() }
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
        if let usage = processUsage?() { text.process(usage) }
        text.redis(counters, isUsable: store.isUsable)
        if let usage = storeUsage ?? nil { text.store(usage) }
        text.family("works_build_info", "gauge", "The running version.")
        text.sample("works_build_info", [("version", settings.version), ("id", settings.worker)], "1")
        return text.bytes
    }

    /// Far longer than Redis takes, and far shorter than Prometheus waits.
    private static let storePatience = Duration.milliseconds(250)
}
