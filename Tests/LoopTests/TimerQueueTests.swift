import TestSupport
import Testing

@testable import Loop

struct TimerQueueTests {
    init() { LoopThread.start() }

    @Test(arguments: [1, 2, 3, 10, 100, 2000] as [Int])
    @LoopActor func returnsTheSoonestFirst(count: Int) {
        var random = SeededRandom(UInt64(count))
        var queue = TimerQueue()
        var timers: [Timer] = []
        for _ in 0..<count {
            let timer = Timer(after: .seconds(3600 + Int.random(in: 0..<count, using: &random))) {}
            timers.append(timer)
            queue.insert(timer)
        }
        defer { timers.forEach { $0.cancel() } }
        #expect(drain(&queue) == timers.map(\.due).sorted())
    }

    /// Compares the queue with a plain list while timers are added, removed and cancelled.
    @Test @LoopActor func agreesWithASortedList() {
        var random = SeededRandom(1)
        var queue = TimerQueue()
        var model: [Timer] = []
        for _ in 0..<5000 {
            if model.isEmpty || random.chance(0.52) {
                let timer = Timer(after: .seconds(3600 + Int.random(in: 0..<100_000, using: &random))) {}
                queue.insert(timer)
                model.append(timer)
            } else if random.chance(0.5) {
                let index = Int.random(in: 0..<model.count, using: &random)
                model[index].cancel()
                queue.noteCancellation()
                model.remove(at: index)
            } else if let soonest = model.min(by: { $0.due < $1.due }) {
                _ = queue.timeUntilNext(now: .now)
                let popped = queue.popDue(now: soonest.due)
                #expect(popped?.due == soonest.due)
                model.removeAll { $0 === popped }
                popped?.cancel()
            }
        }
        let rest = model.map(\.due).sorted()
        model.forEach { $0.cancel() }
        #expect(rest.count > 20)
        #expect(queue.timeUntilNext(now: .now) == nil)
    }

    @Test @LoopActor func knowsTheTimeUntilTheNext() {
        var queue = TimerQueue()
        #expect(queue.timeUntilNext(now: .now) == nil)
        let late = Timer(after: .seconds(3600)) {}
        let early = Timer(after: .seconds(1800)) {}
        queue.insert(late)
        queue.insert(early)
        #expect(queue.timeUntilNext(now: early.due - .seconds(5)) == .seconds(5))
        #expect(queue.timeUntilNext(now: early.due + .seconds(5)) == .zero)
        #expect(queue.popDue(now: early.due - .nanoseconds(1)) == nil)
        early.cancel()
        queue.noteCancellation()
        #expect(queue.timeUntilNext(now: late.due - .seconds(7)) == .seconds(7))
        #expect(queue.popDue(now: late.due) === late)
        late.cancel()
        #expect(queue.timeUntilNext(now: .now) == nil)
    }

    @Test @LoopActor func isNotFilledByCancelledTimers() {
        let before = LoopActor.loop.timers.count
        var countMax = 0
        for _ in 0..<20_000 {
            Timer(after: .seconds(3600)) {}.cancel()
            countMax = max(countMax, LoopActor.loop.timers.count)
        }
        #expect(countMax <= 2 * before + 1024)
    }

    @Test @LoopActor func keepsTheOrderWhenItSweeps() {
        var random = SeededRandom(2)
        var queue = TimerQueue()
        let timers = (0..<4000).map { _ in
            Timer(after: .seconds(3600 + Int.random(in: 0..<1000, using: &random))) {}
        }
        timers.forEach { queue.insert($0) }
        let kept = timers.filter { _ in random.chance(0.25) }
        let keptIDs = Set(kept.map(ObjectIdentifier.init))
        for timer in timers where !keptIDs.contains(ObjectIdentifier(timer)) {
            timer.cancel()
            queue.noteCancellation()
        }
        #expect(queue.count <= 2 * kept.count + 1)
        #expect(drain(&queue) == kept.map(\.due).sorted())
        kept.forEach { $0.cancel() }
    }

    /// Removes all timers that are not cancelled, and returns their due times in the order of removal.
    @LoopActor private func drain(_ queue: inout TimerQueue) -> [ContinuousClock.Instant] {
        var dues: [ContinuousClock.Instant] = []
        while let wait = queue.timeUntilNext(now: .now), let timer = queue.popDue(now: .now + wait) {
            dues.append(timer.due)
        }
        return dues
    }
}
