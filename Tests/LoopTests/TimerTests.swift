import Loop
import TestSupport
import Testing

struct TimerTests {
    init() { LoopThread.start() }

    @Test @LoopActor func firesInTheOrderOfDueTimes() async throws {
        var order: [Int] = []
        for delay in [30, 5, 20, 0, 10, 25, 15] {
            Timer(after: .milliseconds(delay)) { order.append(delay) }
        }
        try await until("all have fired") { order.count == 7 }
        #expect(order == [0, 5, 10, 15, 20, 25, 30])
    }

    @Test(arguments: [0, 1, 7, 50]) @LoopActor func doesNotFireEarly(milliseconds: Int) async {
        let delay = Duration.milliseconds(milliseconds) + .microseconds(300)
        let start = ContinuousClock.now
        await Timer.sleep(for: delay)
        #expect(ContinuousClock.now - start >= delay)
    }

    @Test @LoopActor func firesOnceAndReleasesItsHandler() async throws {
        final class Thing {}
        var count = 0
        weak var held: Thing?
        let timer: Timer
        do {
            let thing = Thing()
            held = thing
            timer = Timer(after: .zero) {
                count += 1
                _ = thing
            }
        }
        #expect(held != nil)
        try await until("it has fired") { count == 1 }
        await Timer.sleep(for: .milliseconds(5))
        #expect(count == 1)
        #expect(held == nil)
        timer.cancel()
    }

    @Test @LoopActor func doesNotFireOnceCancelled() async {
        final class Thing {}
        var count = 0
        weak var held: Thing?
        let timer: Timer
        do {
            let thing = Thing()
            held = thing
            timer = Timer(after: .milliseconds(5)) {
                count += 1
                _ = thing
            }
        }
        timer.cancel()
        // The handler is released at once, not when it would have been due.
        #expect(held == nil)
        timer.cancel()
        await Timer.sleep(for: .milliseconds(20))
        #expect(count == 0)
    }

    @Test @LoopActor func canBeCancelledByATimerDueInTheSameTurn() async {
        var fired: [String] = []
        var second: Timer?
        Timer(after: .milliseconds(5)) {
            fired.append("first")
            second?.cancel()
        }
        second = Timer(after: .milliseconds(6)) { fired.append("second") }
        // Both are due when the loop next checks its timers.
        pause(.milliseconds(10))
        await Timer.sleep(for: .milliseconds(5))
        #expect(fired == ["first"])
    }

    @Test @LoopActor func canCancelItselfWhileItFires() async throws {
        var timer: Timer?
        var count = 0
        timer = Timer(after: .zero) {
            timer?.cancel()
            count += 1
        }
        try await until("it has fired") { count == 1 }
    }

    @Test @LoopActor func acceptsANegativeDelay() async throws {
        var fired = false
        Timer(after: .seconds(-1)) { fired = true }
        #expect(!fired)
        try await until("it has fired") { fired }
    }

    @Test @LoopActor func doesNotLetTimersWithoutDelayStarveDescriptors() async throws {
        let isReadable = Shared(false)
        let sockets = try SocketPair()
        let watch = Watch(sockets.near, for: .readable) { _ in isReadable.value = true }
        defer { watch.cancel() }
        var count = 0
        func again() {
            count += 1
            if !isReadable.value && count < stormMax { Timer(after: .zero) { again() } }
        }
        again()
        sockets.send()
        try await until("the chain has ended") { isReadable.value || count >= stormMax }
        #expect((1..<stormMax).contains(count))
    }

    @Test @LoopActor func waitsForTheFarFuture() async {
        var fired = false
        let timer = Timer(after: .seconds(100_000_000_000)) { fired = true }
        await Timer.sleep(for: .milliseconds(5))
        #expect(!fired)
        timer.cancel()
    }

    @Test @LoopActor func waitsForWhatComesFirst() async throws {
        #expect(await Timer.wait(atMost: .seconds(60)) { 7 } == 7)
        let mayEnd = Protected(false)
        var isDone = false
        let start = ContinuousClock.now
        let late = await Timer.wait(atMost: .milliseconds(5)) {
            while !mayEnd.value { await Timer.sleep(for: .milliseconds(1)) }
            isDone = true
            return 7
        }
        #expect(late == nil)
        #expect(ContinuousClock.now - start >= .milliseconds(5))
        mayEnd.withLock { $0 = true }
        try await until("it has run on to its end") { isDone }
    }
}
