import JSON
import Testing

@testable import works_worker

/// What the access log keeps for a slow reader, and how it tells what it did not keep.
struct LogBufferTests {
    private func text(_ buffer: LogBuffer) -> String { String(decoding: buffer.bytes, as: UTF8.self) }

    /// A line of the number of lines lost before it, filled up to `byteCount` bytes.
    private func add(byteCount: Int = 0, to buffer: inout LogBuffer) -> Bool {
        buffer.add { line, lostCount in
            let text = "\(lostCount)\n"
            line.raw(String(repeating: ".", count: max(0, byteCount - text.utf8.count)) + text)
        }
    }

    @Test func keepsLinesInOrder() {
        var buffer = LogBuffer()
        #expect(buffer.add { line, _ in line.raw("a\n") })
        #expect(buffer.add { line, _ in line.raw("b\n") })
        #expect(text(buffer) == "a\nb\n")
        buffer.removeFirst(3)
        #expect(text(buffer) == "\n")
    }

    @Test func acceptsALineBelowTheBoundAndNoneAtIt() {
        var buffer = LogBuffer()
        #expect(add(byteCount: LogBuffer.bytesMax - 1, to: &buffer))
        #expect(add(byteCount: 1 << 10, to: &buffer))
        let full = buffer.bytes.count
        #expect(full > LogBuffer.bytesMax && buffer.lostCount == 0)
        #expect(!add(to: &buffer) && !add(to: &buffer))
        #expect(buffer.bytes.count == full && buffer.lostCount == 2)

        var exact = LogBuffer()
        #expect(add(byteCount: LogBuffer.bytesMax, to: &exact))
        #expect(!add(to: &exact))
    }

    @Test func theNextLineTellsHowManyWereLostAndOnlyThatOne() {
        var buffer = LogBuffer()
        _ = add(byteCount: LogBuffer.bytesMax, to: &buffer)
        for _ in 0..<3 { _ = add(to: &buffer) }
        buffer.removeFirst(LogBuffer.bytesMax)
        #expect(add(to: &buffer) && add(to: &buffer))
        #expect(text(buffer) == "3\n0\n")
        #expect(buffer.lostCount == 0)
    }
}
