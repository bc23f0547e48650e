import Glibc

/// A file descriptor to write to.
public struct Output: Sendable {
    private let descriptor: Int32
    private let name: String

    public static let standard = Output(descriptor: STDOUT_FILENO, name: "standard output")
    public static let error = Output(descriptor: STDERR_FILENO, name: "standard error")

    init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Writes all bytes, waiting for the reader if necessary.
    ///
    /// - Throws: ``Exit/readerGone`` if the reader has closed the pipe, else the reason with `EX_IOERR`.
    public func write(_ bytes: [UInt8]) throws(Exit) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                written += count
            } else {
                try recover(from: errno)
            }
        }
    }

    /// Writes one line of a result.
    ///
    /// - Throws: as ``write(_:)``, because a result that was not written must not look like an empty one.
    public func print(_ line: String) throws(Exit) {
        try write(Array((line + "\n").utf8))
    }

    /// Writes a message as it is, and ignores errors: there is nobody else to tell.
    public func tell(_ text: String) {
        try? write(Array(text.utf8))
    }

    private func recover(from error: Int32) throws(Exit) {
        switch error {
        case EINTR: break
        case EAGAIN:
            // Whoever gave us this descriptor has made it non-blocking.
            var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&output, 1, -1)
        case EPIPE: throw .readerGone
        default: throw Exit("cannot write to \(name): \(String(cString: strerror(error)))", status: EX_IOERR)
        }
    }
}
