import Foundation
import Glibc
import Loop
import TestSupport
import Testing

/// Everything runs on one thread, whichever thread started it.
struct ThreadTests {
    init() { LoopThread.start() }

    @Test @LoopActor func keepsTasksOnItsThread() async throws {
        let here = pthread_self()
        var threads: [pthread_t] = []
        let sockets = try SocketPair()
        let step: @LoopActor () async -> Void = {
            threads.append(pthread_self())
            await Task.yield()
            threads.append(pthread_self())
            await Timer.sleep(for: .milliseconds(1))
            threads.append(pthread_self())
            await resumedElsewhere()
            threads.append(pthread_self())
        }
        LoopActor.start(step)
        Timer(after: .zero) { LoopActor.start(step) }
        let watch = Watch(sockets.near, for: .readable) { _ in
            _ = sockets.receive()
            LoopActor.start(step)
        }
        defer { watch.cancel() }
        sockets.send()
        Thread.detachNewThread { LoopActor.start(step) }
        try await until("all have run") { threads.count == 16 }
        #expect(threads.allSatisfy { $0 == here })
    }

    @LoopActor private func resumedElsewhere() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume() }
        }
    }

    @Test func isCurrentOnlyOnItsThread() async {
        #expect(!LoopActor.loop.isCurrent)
        #expect(LoopActor.loop.isIsolatingCurrentContext() == false)
        #expect(await onTheLoop())
    }

    @LoopActor private func onTheLoop() -> Bool {
        LoopActor.assumeIsolated { LoopActor.loop.isCurrent }
            && LoopActor.assumeIsolated(with: 1) { $0 == 1 }
            && LoopActor.loop.isIsolatingCurrentContext() == true
    }

    /// The thread that calls `run` does all the work: tasks, timers and descriptors start no other thread.
    @Test func addsNoThreadToTheProcess() async {
        await #expect(processExitsWith: .success) {
            let before = try threadCount()
            LoopActor.start {
                guard let sockets = try? SocketPair() else { fatalError("no sockets") }
                for number in 0..<100 {
                    await withCheckedContinuation { continuation in
                        Timer(after: .microseconds(number)) {
                            LoopActor.start {
                                await Task.yield()
                                continuation.resume()
                            }
                        }
                    }
                }
                await withCheckedContinuation { continuation in
                    let watch = Watch(sockets.near, for: .readable) { _ in
                        _ = sockets.receive()
                        LoopActor.start { continuation.resume() }
                    }
                    sockets.send()
                    LoopActor.start {
                        await Timer.sleep(for: .milliseconds(10))
                        watch.cancel()
                    }
                }
                guard let during = try? threadCount(), during <= before else { fatalError("more threads than before") }
                LoopActor.loop.stop()
            }
            LoopActor.loop.run()
            try #require(threadCount() <= before)
        }
    }

    @Test func refusesToRunOnASecondThread() async {
        await #expect(processExitsWith: .failure) {
            LoopThread.start()
            await Timer.sleep(for: .zero)
            LoopActor.loop.run()
        }
    }

    @Test func refusesACallbackOnAnotherThread() async {
        await #expect(processExitsWith: .failure) {
            LoopThread.start()
            await Timer.sleep(for: .zero)
            LoopActor.assumeIsolated {}
        }
    }
}

private func threadCount() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
}
