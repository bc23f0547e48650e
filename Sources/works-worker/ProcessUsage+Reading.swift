import API
import Glibc
import Loop

/// Reading what this process uses, as Prometheus' own clients do
/// (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics).
extension ProcessUsage {
    /// What it uses right now; the caller knows the connections and when it started.
    @LoopActor static func now(connections: Int, startMicroseconds: Int) -> Self {
        Self(
            connections: connections,
            startMicroseconds: startMicroseconds,
            cpuMicroseconds: microseconds(of: CLOCK_PROCESS_CPUTIME_ID),
            residentBytes: residentBytes(),
            openDescriptors: openDescriptors(),
            descriptorsMax: descriptorsMax()
        )
    }

    /// What a clock shows: the present time since the beginning of 1970, or the processor time of this process.
    static func microseconds(of clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    /// From proc(5).
    private static func residentBytes() -> Int? {
        guard let file = fopen("/proc/self/statm", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    private static func openDescriptors() -> Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Neither the directory's own two entries nor the descriptor that reads it.
        return count - 3
    }

    private static func descriptorsMax() -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return Int(clamping: limit.rlim_cur)
    }
}
