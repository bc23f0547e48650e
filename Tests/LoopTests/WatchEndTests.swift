import Glibc
import Loop
import TestSupport
import Testing

/// What a cancelled watch no longer does.
struct WatchEndTests {
    init() { LoopThread.start() }

    @Test @LoopActor func callsNoHandlerOnceCancelled() async throws {
        let sockets = try SocketPair()
        var calls = 0
        let watch = Watch(sockets.near, for: [.readable, .writable]) { _ in calls += 1 }
        watch.cancel()
        watch.cancel()
        watch.interest = .readable
        sockets.send()
        await Timer.sleep(for: .milliseconds(5))
        #expect(calls == 0)
    }

    @Test @LoopActor func canBeCancelledByItsHandler() async throws {
        let sockets = try SocketPair()
        var calls = 0
        var watch: Watch?
        watch = Watch(sockets.near, for: .readable) { _ in
            calls += 1
            watch?.cancel()
            watch = nil
        }
        sockets.send()
        try await until("it is called") { calls == 1 }
        await Timer.sleep(for: .milliseconds(5))
        #expect(calls == 1)
    }

    @Test @LoopActor func releasesItsHandlerOnceCancelled() throws {
        final class Thing {}
        let sockets = try SocketPair()
        weak var held: Thing?
        let watch: Watch
        do {
            let thing = Thing()
            held = thing
            watch = Watch(sockets.near, for: .readable) { _ in _ = thing }
        }
        #expect(held != nil)
        watch.cancel()
        #expect(held == nil)
    }

    @Test @LoopActor func canCancelAnotherReadyInTheSameTurn() async throws {
        let sockets = try [SocketPair(), SocketPair()]
        let watches = Shared<[Watch]>([])
        var calls = 0
        for pair in sockets {
            watches.value.append(
                Watch(pair.near, for: .readable) { _ in
                    calls += 1
                    watches.value.forEach { $0.cancel() }
                }
            )
        }
        sockets.forEach { $0.send() }
        try await until("one is called") { calls > 0 }
        await Timer.sleep(for: .milliseconds(5))
        #expect(calls == 1)
    }

    /// The next descriptor opened gets the number of a closed one; events of the old one must not reach the new watch.
    @Test @LoopActor func ignoresEventsOfAnOldDescriptorWithTheSameNumber() async throws {
        let old = try [SocketPair(), SocketPair()]
        var fresh: SocketPair?
        let watches = Shared<[Watch]>([])
        var calls = 0
        var callsOfTheNew = 0
        for (index, pair) in old.enumerated() {
            watches.value.append(
                Watch(pair.near, for: .readable) { _ in
                    calls += 1
                    guard calls == 1 else { return }
                    let other = old[1 - index]
                    watches.value[1 - index].cancel()
                    watches.value[index].cancel()
                    fresh = try? SocketPair()
                    guard let fresh, dup2(fresh.near, other.near) >= 0 else { return }
                    watches.value.append(Watch(other.near, for: .readable) { _ in callsOfTheNew += 1 })
                }
            )
        }
        old.forEach { $0.send() }
        try await until("one is called") { calls == 1 && fresh != nil }
        await Timer.sleep(for: .milliseconds(5))
        #expect(calls == 1)
        #expect(callsOfTheNew == 0)
        fresh?.send()
        try await until("the new one gets its own event") { callsOfTheNew > 0 }
        watches.value.forEach { $0.cancel() }
    }
}
