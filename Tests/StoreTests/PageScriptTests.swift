import Testing

@testable import Store

/// How many items are read at once.
struct PageScriptTests {
    /// About a mebibyte, but at least one item and no more than a pipeline of usual size.
    @Test(arguments: [
        (10, 10 * 600, 32), (10, 10 << 20, 1), (10, 1 << 20, 10), (10, 100 << 20, 1), (1, 0, 32), (4, 1 << 19, 8),
    ])
    func sizesTheNextBatchByWhatHasBeenRead(count: Int, bytes: Int, expected: Int) {
        #expect(PageScript.nextBatchSize(afterReading: count, bytes: bytes) == expected)
    }
}
