import Store

/// Prometheus' text format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats).
struct Exposition {
    private(set) var bytes: [UInt8] = []

    mutating func family(_ name: String, _ type: String, _ help: String) {
        line("# HELP \(name) \(help)")
        line("# TYPE \(name) \(type)")
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        line(labels.isEmpty ? "\(name) \(value)" : "\(name){\(list)} \(value)")
    }

    mutating func gauge(_ name: String, _ help: String, _ value: Int) {
        family(name, "gauge", help)
        sample(name, [], String(value))
    }

    private mutating func counter(_ name: String, _ help: String, _ value: Int) {
        family(name, "counter", help)
        sample(name, [], String(value))
    }

    /// The durations of all endpoints of a route; buckets are cumulative.
    mutating func histogram(of tallies: [Tally], route: String) {
        let name = "works_http_request_duration_seconds"
        var count = 0
        for (index, bound) in (Tally.boundsMicroseconds.map(Self.seconds) + ["+Inf"]).enumerated() {
            count += tallies.reduce(0) { $0 + $1.buckets[index] }
            sample("\(name)_bucket", [("route", route), ("le", bound)], String(count))
        }
        sample("\(name)_sum", [("route", route)], Self.seconds(tallies.reduce(0) { $0 + $1.microseconds }))
        sample("\(name)_count", [("route", route)], String(count))
    }

    mutating func redis(_ counters: StoreCounters, isUsable: Bool) {
        gauge("works_redis_up", "Whether the store can be used.", isUsable ? 1 : 0)
        gauge("works_redis_commands_in_flight", "Commands waiting for their reply.", counters.inFlight)
        counter("works_redis_commands_total", "Commands sent.", counters.commands)
        counter("works_redis_round_trips_total", "Writes to Redis, each with one command or more.", counters.roundTrips)
        counter("works_redis_retries_total", "Reads that were retried.", counters.retries)
        counter("works_redis_connections_total", "Connections made.", counters.connections)
        family("works_redis_errors_total", "counter", "Commands that failed, by kind.")
        for (kind, count) in counters.errors {
            sample("works_redis_errors_total", [("kind", kind)], String(count))
        }
    }

    private mutating func line(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func seconds(_ microseconds: Int) -> String {
        let fraction = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
