import Glibc
import Program

/// A file descriptor to write to.
struct Output {
    private let descriptor: Int32

    static let standard = Output(descriptor: STDOUT_FILENO)
    static let error = Output(descriptor: STDERR_FILENO)

    /// Writes all bytes, waiting for the reader if necessary; throws the reason if it cannot.
    func write(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                throw Exit("cannot write: \(String(cString: strerror(errno)))", status: EX_IOERR)
            }
        }
    }

    /// Writes a message; ignores errors.
    func write(_ text: String) {
        try? write(Array(text.utf8))
    }
}
