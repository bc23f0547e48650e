import Testing

@testable import Redis

struct QueueTests {
    @Test func returnsElementsInOrder() {
        var queue = Queue<Int>()
        var next = 0
        var expected = 0
        // Fills faster than it empties, then empties faster, so that the front crosses every bound.
        for round in 0..<4000 {
            for _ in 0..<(round < 2000 ? 3 : 1) {
                queue.append(next)
                next += 1
            }
            for _ in 0..<(round < 2000 ? 2 : 3) where !queue.isEmpty {
                #expect(queue.first == expected)
                #expect(queue.popFirst() == expected)
                expected += 1
            }
            #expect(queue.count == next - expected)
        }
        while queue.popFirst() != nil { expected += 1 }
        #expect(expected == next)
        #expect(queue.isEmpty)
        #expect(queue.first == nil)
    }

    @Test func releasesWhatItReturns() {
        final class Thing {}
        var queue = Queue<Thing>()
        queue.append(Thing())
        queue.append(Thing())
        weak let first = queue.popFirst()
        #expect(first == nil)
        #expect(queue.first != nil)
    }
}
