import Foundation
import Loop
import TestSupport
import Testing

struct JobTests {
    init() { LoopThread.start() }

    @Test @LoopActor func runsJobsInTheOrderOfTheirStart() async throws {
        var order: [Int] = []
        for number in 0..<1000 { LoopActor.start { order.append(number) } }
        #expect(order.isEmpty)
        try await until("all have run") { order.count == 1000 }
        #expect(order == Array(0..<1000))
    }

    @Test @LoopActor func letsTasksTakeTurns() async throws {
        var order: [String] = []
        for name in ["a", "b", "c"] {
            LoopActor.start {
                for step in 1...3 {
                    order.append(name + String(step))
                    await Task.yield()
                }
            }
        }
        try await until("all have run") { order.count == 9 }
        #expect(order == ["a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3"])
    }

    @Test @LoopActor func runsJobsFromOtherThreadsInTheirOrder() async throws {
        let perThread = 500
        var arrived: [[Int]] = Array(repeating: [], count: 8)
        let receive: @LoopActor (Int, Int) -> Void = { thread, number in
            #expect(LoopActor.loop.isCurrent)
            arrived[thread].append(number)
        }
        for thread in 0..<8 {
            Thread.detachNewThread {
                for number in 0..<perThread { LoopActor.start { receive(thread, number) } }
            }
        }
        try await until("all have run") { arrived.allSatisfy { $0.count == perThread } }
        for numbers in arrived { #expect(numbers == Array(0..<perThread)) }
    }

    @Test @LoopActor func wakesForAJobFromAnotherThreadWhileItSleeps() async {
        // No timer is set here that would wake the loop, and the thread waits until the loop is asleep.
        let start = ContinuousClock.now
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                pause(.milliseconds(50))
                continuation.resume()
            }
        }
        #expect(LoopActor.loop.isCurrent)
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test @LoopActor func doesNotLetAStormOfJobsStarveDescriptorsAndTimers() async throws {
        var isReadable = false
        var fired = false
        let sockets = try SocketPair()
        let watch = Watch(sockets.near, for: .readable) { _ in isReadable = true }
        defer { watch.cancel() }
        sockets.send()
        Timer(after: .zero) { fired = true }
        var count = 0
        while !(isReadable && fired) && count < stormMax {
            count += 1
            await Task.yield()
        }
        #expect(isReadable)
        #expect(fired)
    }

    @Test @LoopActor func doesNotLetTasksThatStartTasksStarveTimers() async throws {
        let fired = Shared(false)
        var count = 0
        func next() {
            count += 1
            if !fired.value && count < stormMax { LoopActor.start { next() } }
        }
        next()
        await Timer.sleep(for: .zero)
        fired.value = true
        #expect((2..<stormMax).contains(count))
    }
}
