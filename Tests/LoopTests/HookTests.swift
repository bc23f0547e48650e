import Loop
import TestSupport
import Testing

/// The functions that the loop calls between its jobs.
struct HookTests {
    init() { LoopThread.start() }

    @Test func marksTheLastRoundOfATurn() async {
        // In a process of its own, because other work on the loop could cut a turn short.
        await #expect(processExitsWith: .success) {
            LoopThread.start()
            try await writingInSeveralRounds()
        }
    }

    @Test func isCalledAgainWithoutSleepAsLongAsItWants() async {
        // In a process of its own, because other work could wake the loop.
        await #expect(processExitsWith: .success) {
            LoopThread.start()
            try await calling(1000)
        }
    }

    @Test @LoopActor func doesNotStarveDescriptorsAndTimers() async throws {
        let isOver = Shared(true)
        var count = 0
        let hook = LoopActor.loop.afterJobs {
            if isOver.value || count >= stormMax { return false }
            count += 1
            return true
        }
        defer { hook.remove() }
        await Timer.sleep(for: .zero)
        let sockets = try SocketPair()
        let watch = Watch(sockets.near, for: .readable) { _ in
            _ = sockets.receive()
            isOver.value = true
        }
        defer { watch.cancel() }
        isOver.value = false
        sockets.send()
        try await until("the descriptor is handled") { isOver.value }
        #expect((1..<stormMax).contains(count))
    }

    @Test @LoopActor func runsAHooksJobsBeforeTheLoopSleeps() async throws {
        var isWanted = false
        var ran: ContinuousClock.Instant?
        let hook = LoopActor.loop.afterJobs {
            if isWanted {
                isWanted = false
                LoopActor.start { ran = .now }
            }
            return false
        }
        defer { hook.remove() }
        await Timer.sleep(for: .zero)
        let start = ContinuousClock.now
        isWanted = true
        await Timer.sleep(for: .milliseconds(500))
        let moment = try #require(ran)
        #expect(moment - start < .milliseconds(400))
    }

    @Test @LoopActor func isNotCalledOnceRemoved() async {
        var calls = 0
        let hooks = [
            LoopActor.loop.afterJobs {
                calls += 1
                return false
            },
            LoopActor.loop.afterRound { _ in calls += 1 },
        ]
        await Timer.sleep(for: .milliseconds(1))
        #expect(calls >= 2)
        hooks.forEach { $0.remove() }
        hooks.forEach { $0.remove() }
        let before = calls
        await Timer.sleep(for: .milliseconds(5))
        #expect(calls == before)
    }

    @Test @LoopActor func canRemoveItselfAndTheNextOne() async {
        var calls: [String] = []
        let hooks = Shared<[EventLoop.Hook]>([])
        for name in ["first", "second"] {
            hooks.value.append(
                LoopActor.loop.afterRound { _ in
                    calls.append(name)
                    hooks.value.forEach { $0.remove() }
                }
            )
        }
        await Timer.sleep(for: .milliseconds(5))
        #expect(calls == ["first"])
    }

    @Test @LoopActor func releasesItsFunctionOnceRemoved() {
        final class Thing {}
        weak var held: Thing?
        var hook: EventLoop.Hook?
        do {
            let thing = Thing()
            held = thing
            hook = LoopActor.loop.afterRound { _ in _ = thing }
        }
        #expect(held != nil)
        hook?.remove()
        hook = nil
        #expect(held == nil)
    }
}

@LoopActor private func writingInSeveralRounds() async throws {
    var unsent = 0
    var flushes: [Int] = []
    var seen: [Int] = []
    var isExpected = false
    LoopActor.loop.afterJobs {
        // A job started between rounds belongs to the same turn.
        if isExpected { LoopActor.start { unsent += 1 } }
        isExpected = false
        return false
    }
    LoopActor.loop.afterRound { isLast in
        guard unsent > 0 else { return }
        seen.append(unsent)
        guard isLast else { return }
        flushes.append(unsent)
        unsent = 0
    }
    await Timer.sleep(for: .zero)
    for _ in 0..<10 {
        LoopActor.start {
            unsent += 1
            await Task.yield()
            unsent += 1
            isExpected = true
        }
    }
    try await until("all is flushed") { flushes.reduce(0, +) == 21 }
    try #require(flushes == [21])
    try #require(seen == [20, 21])
}

@LoopActor private func calling(_ times: Int) async throws {
    var left = times
    LoopActor.loop.afterJobs {
        left = max(0, left - 1)
        return left > 0
    }
    await Timer.sleep(for: .milliseconds(200))
    try #require(left == 0)
}
