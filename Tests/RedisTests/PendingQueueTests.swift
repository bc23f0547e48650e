import Loop
import TestSupport
import Testing

@testable import Redis

/// Commands of ten bytes each, which have one second to be answered.
struct PendingQueueTests {
    private static let start = ContinuousClock.now

    init() { LoopThread.start() }

    /// A queue of commands that were sent one second apart.
    @LoopActor private func queue(of count: Int) async -> PendingQueue {
        var queue = PendingQueue()
        for number in 0..<count {
            let deadline = Self.start + .seconds(number + 1)
            _ = await withUnsafeContinuation { caller in
                let waiter = Waiter.part(Pipeline(of: 1, for: caller))
                queue.append(waiter, byteCount: 10, deadline: deadline, fields: nil)
                waiter.finish(.success(.null))
            }
        }
        return queue
    }

    /// What the callers of all commands are told if the connection ends now.
    @LoopActor private func errors(_ queue: PendingQueue, unsentBytes: Int) -> [RedisError] {
        var (queue, errors) = (queue, [RedisError]())
        while let command = queue.popFirst() { errors.append(queue.error(for: command, unsentBytes: unsentBytes)) }
        return errors
    }

    @Test(arguments: [(0, 3), (1, 2), (10, 2), (11, 1), (20, 1), (29, 0), (30, 0)])
    @LoopActor func knowsWhichCommandsWereSentWhole(_ unsentBytes: Int, _ sent: Int) async {
        let queue = await queue(of: 3)
        let expected = Array(repeating: RedisError.connectionLost, count: sent)
        #expect(errors(queue, unsentBytes: unsentBytes) == expected + Array(repeating: .disconnected, count: 3 - sent))
    }

    @Test @LoopActor func expiresNoEarlierThanTheFirstDeadline() async {
        var queue = await queue(of: 2)
        #expect(queue.deadline == Self.start + .seconds(1))
        #expect(queue.expire(at: Self.start + .milliseconds(999)) == false)
        #expect(queue.expire(at: Self.start + .seconds(1)) == true)
        #expect(errors(queue, unsentBytes: 0) == [.timedOut, .connectionLost])
    }

    @Test @LoopActor func expiresNothingWhenEmpty() {
        var queue = PendingQueue()
        #expect(queue.deadline == nil)
        #expect(queue.expire(at: Self.start + .seconds(9)) == false)
    }

    @Test @LoopActor func timesOutAllThatAreOverdue() async {
        var queue = await queue(of: 4)
        #expect(queue.expire(at: Self.start + .seconds(2)) == true)
        #expect(errors(queue, unsentBytes: 10) == [.timedOut, .timedOut, .connectionLost, .disconnected])
    }

    @Test @LoopActor func isIdleOnceAllThatWasSentIsAnswered() async {
        var queue = await queue(of: 2)
        #expect(queue.count == 2)
        #expect(!queue.isIdle(unsentBytes: 0))
        #expect(!queue.isIdle(unsentBytes: 10))
        #expect(queue.isIdle(unsentBytes: 15))
        _ = queue.popFirst()
        #expect(queue.isIdle(unsentBytes: 10))
        #expect(!queue.isIdle(unsentBytes: 0))
        _ = queue.popFirst()
        #expect(queue.isIdle(unsentBytes: 0))
        #expect(queue.isEmpty)
    }
}
