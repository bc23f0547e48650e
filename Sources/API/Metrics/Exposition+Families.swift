import Store
import Works

/// The families of metrics.
extension Exposition {
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

    /// What the process uses; what is not known is left out.
    mutating func process(_ usage: ProcessUsage) {
        gauge("works_http_connections", "Open client connections.", usage.connections)
        gauge(
            "process_start_time_seconds",
            "When the process started, since the beginning of 1970.",
            microseconds: usage.startMicroseconds
        )
        counter("process_cpu_seconds_total", "Processor time used.", microseconds: usage.cpuMicroseconds)
        if let bytes = usage.residentBytes { gauge("process_resident_memory_bytes", "Resident memory.", bytes) }
        if let count = usage.openDescriptors { gauge("process_open_fds", "Open file descriptors.", count) }
        if let count = usage.descriptorsMax { gauge("process_max_fds", "File descriptors that may be open.", count) }
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

    /// What is in the store; every worker tells the same.
    mutating func store(_ usage: StoreUsage) {
        family(
            "works_live",
            "gauge",
            "Works in the store that are not in the trash, by status. Every worker tells the same."
        )
        for (status, count) in usage.counts.live {
            sample("works_live", [("status", String(status.number))], String(count))
        }
        gauge("works_in_trash", "Works in the trash. Every worker tells the same.", usage.counts.inTrash)
        gauge("works_redis_memory_used_bytes", "Memory that Redis uses.", usage.memoryUsedBytes)
        gauge("works_redis_memory_max_bytes", "Memory that Redis may use; 0 if it has no limit.", usage.memoryMaxBytes)
    }
}
