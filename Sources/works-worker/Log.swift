import API
import Glibc
import HTTP
import JSON
import Loop
import Works

/// The access log on standard output, and events of the worker itself on standard error, one line each.
///
/// Access lines are collected and written a few times a second. A slow reader loses lines but never delays the service:
/// see ``LogBuffer``.
@LoopActor final class Log {
    private let format: LogFormat
    private let writer: LogLineWriter
    private var buffer = LogBuffer()
    private var isFlushPlanned = false

    init(_ format: LogFormat, worker: String) {
        self.format = format
        writer = LogLineWriter(format, worker: worker)
    }

    /// Adds the line of a request.
    func write(_ entry: AccessEntry) {
        guard format != .off else { return }
        let isAdded = buffer.add { line, lostCount in
            writer.write(entry, at: Self.now, lostCount: lostCount, to: &line)
        }
        if isAdded { planFlush() }
    }

    /// Writes a line about the worker itself, at once.
    func event(_ text: String) {
        guard format != .off else { return }
        var line = JSONWriter(capacity: 256)
        writer.write(event: text, at: Self.now, to: &line)
        _ = Glibc.write(STDERR_FILENO, line.bytes, line.bytes.count)
    }

    /// Writes as much of what has been collected as the reader accepts without blocking us.
    func flush() {
        var written = 0
        while written < buffer.bytes.count {
            var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
            guard poll(&output, 1, 0) == 1 else { break }
            let count = buffer.bytes[written...].withUnsafeBytes { bytes in
                Glibc.write(STDOUT_FILENO, bytes.baseAddress, min(bytes.count, Self.atomicBytesMax))
            }
            guard count > 0 else { break }
            written += count
        }
        buffer.removeFirst(written)
    }

    private func planFlush() {
        guard !isFlushPlanned else { return }
        isFlushPlanned = true
        Timer(after: Self.delay) { [self] in
            isFlushPlanned = false
            flush()
            if !buffer.bytes.isEmpty { planFlush() }
        }
    }

    private static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }

    private static let delay = Duration.milliseconds(200)
    /// What a pipe that polls as writable accepts without blocking (`PIPE_BUF` of pipe(7)).
    private static let atomicBytesMax = 4096
}
