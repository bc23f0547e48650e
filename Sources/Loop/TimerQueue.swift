/// The pending timers, soonest first: a binary heap.
///
/// Cancelled timers stay until they reach the top, or until they are more than half of a large heap.
struct TimerQueue {
    private var heap: [Timer] = []
    private var cancelledCount = 0

    /// How many timers it contains, cancelled ones included.
    var count: Int { heap.count }

    mutating func insert(_ timer: Timer) {
        heap.append(timer)
        siftUp(from: heap.count - 1)
    }

    /// Counts a timer in the queue that the caller has just cancelled.
    ///
    /// A sweep costs in proportion to the cancellations since the last one, however many timers remain.
    @LoopActor mutating func noteCancellation() {
        cancelledCount += 1
        if heap.count >= Self.sweepCount, cancelledCount > heap.count / 2 { sweep() }
    }

    /// How long until the next timer is due; nil if there is none.
    @LoopActor mutating func timeUntilNext(now: ContinuousClock.Instant) -> Duration? {
        while let first = heap.first, first.isCancelled {
            removeFirst()
            cancelledCount -= 1
        }
        guard let first = heap.first else { return nil }
        return max(.zero, first.due - now)
    }

    /// Removes and returns the first timer if it is due.
    @LoopActor mutating func popDue(now: ContinuousClock.Instant) -> Timer? {
        guard let first = heap.first, first.due <= now else { return nil }
        removeFirst()
        if first.isCancelled { cancelledCount -= 1 }
        return first
    }

    @LoopActor private mutating func sweep() {
        heap.removeAll { $0.isCancelled }
        cancelledCount = 0
        // A sorted array is a heap.
        heap.sort { $0.due < $1.due }
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown(from: 0)
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0, heap[child].due < heap[(child - 1) / 2].due {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].due < heap[least].due
            {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private static let sweepCount = 1024
}
