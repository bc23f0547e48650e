import JSON

/// Log lines waiting to be written, up to a bound.
///
/// When it is full, lines are lost instead; the next line that fits says how many.
struct LogBuffer {
    private(set) var bytes: [UInt8] = []
    /// How many lines have been lost since one was last added.
    private(set) var lostCount = 0

    /// Adds a line, unless the buffer is full.
    ///
    /// - Parameter write: appends the line, given how many lines were lost just before it.
    /// - Returns: whether the line was added.
    mutating func add(_ write: (inout JSONWriter, _ lostCount: Int) -> Void) -> Bool {
        guard bytes.count < Self.bytesMax else {
            lostCount += 1
            return false
        }
        var line = JSONWriter(capacity: 0)
        // Swapped rather than copied, so that the buffer keeps its one allocation.
        swap(&line.bytes, &bytes)
        write(&line, lostCount)
        swap(&line.bytes, &bytes)
        lostCount = 0
        return true
    }

    /// Removes the first `count` bytes, which have been written.
    mutating func removeFirst(_ count: Int) {
        bytes.removeFirst(count)
    }

    /// A line is added only while the buffer has fewer bytes than this.
    static let bytesMax = 1 << 20
}
