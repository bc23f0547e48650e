/// A function to be called once, at a moment of the monotonic clock.
@LoopActor package final class Timer {
    let due: ContinuousClock.Instant
    /// Nil once it has been called or cancelled.
    private var handler: (@LoopActor () -> Void)?

    /// Calls `handler` on the loop after `delay`, unless it is cancelled before.
    ///
    /// The loop holds the timer, so the caller need not.
    @discardableResult
    package init(after delay: Duration, handler: @escaping @LoopActor () -> Void) {
        due = .now + delay
        self.handler = handler
        LoopActor.loop.timers.insert(self)
    }

    /// Makes sure that the handler is not called any more.
    package func cancel() {
        guard handler != nil else { return }
        handler = nil
        LoopActor.loop.timers.noteCancellation()
    }

    var isCancelled: Bool {
        handler == nil
    }

    func fire() {
        let handler = self.handler
        self.handler = nil
        handler?()
    }

    /// Suspends the task for `delay`.
    ///
    /// `Task.sleep` would do it on another thread.
    package static func sleep(for delay: Duration) async {
        await withCheckedContinuation { continuation in
            _ = Timer(after: delay) { continuation.resume() }
        }
    }
}

/// The timers that wait, soonest first: a binary heap.
///
/// Cancelled ones stay until they come to the top, or until they are more than half of a large heap.
struct TimerQueue {
    private var heap: [Timer] = []
    private var cancelledCount = 0

    /// How many are held, cancelled ones included.
    var count: Int { heap.count }

    mutating func insert(_ timer: Timer) {
        heap.append(timer)
        siftUp(from: heap.count - 1)
    }

    /// Learns that one of the timers held has been cancelled.
    ///
    /// A sweep costs what the cancellations since the last one have paid for, however many timers live on.
    @LoopActor mutating func noteCancellation() {
        cancelledCount += 1
        if heap.count >= Self.sweepCount, cancelledCount > heap.count / 2 { sweep() }
    }

    /// How long until the next timer is due: nil if there is none.
    @LoopActor mutating func timeUntilNext(now: ContinuousClock.Instant) -> Duration? {
        while let first = heap.first, first.isCancelled {
            removeFirst()
            cancelledCount -= 1
        }
        guard let first = heap.first else { return nil }
        return max(.zero, first.due - now)
    }

    /// Takes out the first timer if it is due.
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
