import API
import Glibc
import HTTP
import JSON
import Loop
import Works

enum LogFormat: String {
    case json
    case text
    case off
}

/// The access log on standard output, and notes about the worker itself on standard error: a line each.
///
/// Lines are gathered and written a few times a second. A reader that does not keep up costs lines, never the service:
/// output waits in memory up to a bound, and what is lost is counted in the next line.
@LoopActor final class Log {
    private let format: LogFormat
    private let worker: String
    private var pending: [UInt8] = []
    private var lostCount = 0
    private var isFlushPlanned = false

    init(_ format: LogFormat, worker: String) {
        self.format = format
        self.worker = worker
    }

    /// Adds the line of a request.
    func write(_ entry: AccessEntry) {
        guard format != .off else { return }
        guard pending.count < Self.pendingBytesMax else {
            lostCount += 1
            return
        }
        append(entry)
        planFlush()
    }

    /// Writes a line about the worker itself, at once.
    func note(_ text: String) {
        guard format != .off else { return }
        var line = JSONWriter(capacity: 256)
        if format == .json {
            line.literal(#"{"time":"#)
            line.string(Self.now.text)
            line.literal(#","worker":"#)
            line.string(worker)
            line.literal(#","note":"#)
            line.string(text)
            line.literal("}\n")
        } else {
            line.raw("\(Self.now.text) \(worker) \(text)\n")
        }
        _ = Glibc.write(STDERR_FILENO, line.bytes, line.bytes.count)
    }

    /// Writes what has been gathered, as far as it is taken without waiting.
    func flush() {
        var written = 0
        while written < pending.count {
            var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
            guard poll(&output, 1, 0) == 1 else { break }
            let count = pending[written...].withUnsafeBytes { bytes in
                Glibc.write(STDOUT_FILENO, bytes.baseAddress, min(bytes.count, Self.atomicBytesMax))
            }
            guard count > 0 else { break }
            written += count
        }
        pending.removeFirst(written)
    }

    private func planFlush() {
        guard !isFlushPlanned else { return }
        isFlushPlanned = true
        Timer(after: Self.delay) { [self] in
            isFlushPlanned = false
            flush()
            if !pending.isEmpty { planFlush() }
        }
    }

    private func append(_ entry: AccessEntry) {
        var line = JSONWriter(capacity: 0)
        swap(&line.bytes, &pending)
        defer { swap(&line.bytes, &pending) }
        if format == .json {
            line.literal(#"{"time":"#)
            line.string(Self.now.text)
            line.literal(#","worker":"#)
            line.string(worker)
            line.literal(#","method":"#)
            line.string(entry.method.rawValue)
            line.literal(#","route":"#)
            line.string(entry.route)
            line.literal(#","status":"#)
            line.integer(entry.status)
            line.literal(#","code":"#)
            line.integer(entry.code)
            line.literal(#","us":"#)
            line.integer(entry.microseconds)
            line.literal(#","bytes":"#)
            line.integer(entry.bodyByteCount)
            line.literal(#","request_id":"#)
            line.string(entry.requestID)
            if lostCount > 0 {
                line.literal(#","lost_lines":"#)
                line.integer(lostCount)
            }
            line.literal("}\n")
        } else {
            line.raw(
                "\(Self.now.text) \(worker) \(entry.method.rawValue) \(entry.route) \(entry.status) \(entry.code) "
                    + "\(entry.microseconds)us \(entry.bodyByteCount)B \(entry.requestID)\n"
            )
        }
        lostCount = 0
    }

    private static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }

    private static let delay = Duration.milliseconds(200)
    private static let pendingBytesMax = 1 << 20
    /// What a pipe that has room takes without blocking (`PIPE_BUF` of pipe(7)).
    private static let atomicBytesMax = 4096
}
