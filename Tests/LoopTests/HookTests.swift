import Loop
import TestSupport
import Testing

/// The functions that the loop calls when it has run out of jobs.
///
/// A hook stays for good, so each of these ends its work with the test.
struct HookTests {
    init() { LoopThread.start() }

    @Test func tellsTheLastRoundOfATurn() async {
        // In a process where nobody else keeps the loop busy, which would break a turn off.
        await #expect(processExitsWith: .success) {
            LoopThread.start()
            try await writingInSeveralRounds()
        }
    }

    @Test func isCalledAgainWithoutSleepAsLongAsItWantsTo() async {
        // In a process where nobody else wakes the loop.
        await #expect(processExitsWith: .success) {
            LoopThread.start()
            try await calling(1000)
        }
    }

    @Test @LoopActor func doesNotHoldOffDescriptorsAndTimers() async throws {
        let isOver = Shared(true)
        var count = 0
        LoopActor.loop.afterJobs {
            if isOver.value || count >= stormMax { return false }
            count += 1
            return true
        }
        await Timer.sleep(for: .zero)
        let sockets = try SocketPair()
        let watch = Watch(sockets.near, for: .readable) { _ in
            _ = sockets.receive()
            isOver.value = true
        }
        defer { watch.cancel() }
        isOver.value = false
        sockets.send()
        try await until("it is told") { isOver.value }
        #expect((1..<stormMax).contains(count))
    }

    @Test @LoopActor func runsTheJobsOfAHookBeforeItSleeps() async throws {
        var isWanted = false
        var ran: ContinuousClock.Instant?
        LoopActor.loop.afterJobs {
            if isWanted {
                isWanted = false
                LoopActor.start { ran = .now }
            }
            return false
        }
        await Timer.sleep(for: .zero)
        let start = ContinuousClock.now
        isWanted = true
        await Timer.sleep(for: .milliseconds(500))
        let moment = try #require(ran)
        #expect(moment - start < .milliseconds(400))
    }
}

@LoopActor private func writingInSeveralRounds() async throws {
    var unsent = 0
    var flushes: [Int] = []
    var seen: [Int] = []
    var isExpected = false
    LoopActor.loop.afterJobs {
        // What comes in while the first ones run belongs to the same turn.
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
