import Glibc
import Loop
import TestSupport
import Testing

struct SignalTests {
    init() { LoopThread.start() }

    /// The signals are sent to the loop's thread, because the other threads of a test process have not blocked them.
    @Test @LoopActor func arriveAsCalls() async throws {
        var received: [Int32] = []
        Signals.on([SIGUSR1, SIGUSR2]) { number in received.append(number) }
        await Timer.sleep(for: .milliseconds(5))
        #expect(received.isEmpty)
        pthread_kill(pthread_self(), SIGUSR1)
        #expect(received.isEmpty)
        try await until("it has come") { received == [SIGUSR1] }
        pthread_kill(pthread_self(), SIGUSR2)
        pthread_kill(pthread_self(), SIGUSR1)
        // A signal that is already pending is not delivered twice.
        pthread_kill(pthread_self(), SIGUSR1)
        try await until("both have come") { received.count == 3 }
        #expect(received[1...].sorted() == [SIGUSR1, SIGUSR2].sorted())
        await Timer.sleep(for: .milliseconds(5))
        #expect(received.count == 3)
    }

    @Test func aBrokenPipeIsAnErrorInsteadOfTheEnd() async {
        await #expect(processExitsWith: .signal(SIGPIPE)) {
            signal(SIGPIPE, SIG_DFL)
            _ = await writeToAClosedPeer()
        }
        await #expect(processExitsWith: .success) {
            LoopThread.start()
            await Signals.ignoreBrokenPipes()
            #expect(await writeToAClosedPeer() == EPIPE)
        }
    }
}

/// The error of a write to the near end; 0 if there is none.
@LoopActor private func write(to sockets: SocketPair) -> Int32 {
    var byte: UInt8 = 1
    return Glibc.write(sockets.near, &byte, 1) < 0 ? errno : 0
}

private func writeToAClosedPeer() async -> Int32 {
    LoopThread.start()
    return await { @LoopActor in
        guard let sockets = try? SocketPair() else { return -1 }
        sockets.closeFar()
        return write(to: sockets)
    }()
}
