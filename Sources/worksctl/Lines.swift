import Glibc
import Program

/// The lines of standard input, read in pieces.
struct Lines {
    private var buffer: [UInt8] = []
    private var start = 0
    /// Where to continue looking for the end of the line.
    private var searched = 0
    private var isAtEnd = false
    private var hasFailed = false
    /// The bytes of the lines returned so far, with their ends.
    private(set) var byteCount = 0
    /// The number of the line returned last, counted from 1.
    private(set) var lineNumber = 0

    enum Line {
        case text([UInt8])
        /// A line longer than ``bytesMax``, which has been skipped.
        case tooLong
    }

    /// The size of the input if it is a file, else nil.
    static var totalByteCount: Int? {
        var status = stat()
        guard fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// The next line without its end; nil after the last one.
    mutating func next() throws -> Line? {
        var isTooLong = false
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                return finishLine(at: end, endBytes: 1, isTooLong)
            }
            if isAtEnd {
                return start < buffer.count || isTooLong
                    ? finishLine(at: buffer.count, endBytes: 0, isTooLong) : nil
            }
            searched = buffer.count
            if buffer.count - start > Self.bytesMax {
                isTooLong = true
                byteCount += buffer.count - start
                start = buffer.count
            }
            try fill()
        }
    }

    private mutating func finishLine(at end: Int, endBytes: Int, _ isTooLong: Bool) -> Line {
        let line = buffer[start..<end]
        byteCount += line.count + endBytes
        start = end + endBytes
        searched = start
        lineNumber += 1
        return isTooLong || line.count > Self.bytesMax ? .tooLong : .text(Array(line))
    }

    private mutating func fill() throws {
        buffer.removeFirst(start)
        searched -= start
        start = 0
        let room = Self.bytesAtOnce
        let piece = [UInt8](unsafeUninitializedCapacity: room) { bytes, count in
            var result = read(STDIN_FILENO, bytes.baseAddress, room)
            while result < 0 && errno == EINTR { result = read(STDIN_FILENO, bytes.baseAddress, room) }
            count = max(0, result)
            isAtEnd = result == 0
            hasFailed = result < 0
        }
        if hasFailed { throw Exit("cannot read: \(String(cString: strerror(errno)))", status: EX_IOERR) }
        buffer += piece
    }

    /// A work is at most a mebibyte, and each of its tasks some hundreds of bytes.
    static let bytesMax = 256 << 20
    private static let bytesAtOnce = 1 << 18
}
