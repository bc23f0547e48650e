import Loop
import TestSupport
import Testing

struct WatchTests {
    init() { LoopThread.start() }

    @Test @LoopActor func tellsOfSomethingToRead() async throws {
        let sockets = try SocketPair()
        var received = 0
        let watch = Watch(sockets.near, for: .readable) { readiness in
            #expect(readiness == .readable)
            received += sockets.receive() ?? 0
        }
        defer { watch.cancel() }
        await Timer.sleep(for: .milliseconds(5))
        #expect(received == 0)
        for count in 1...3 {
            sockets.send()
            try await until("it has come") { received == count }
        }
    }

    /// What a handler leaves in the socket is told again.
    @Test @LoopActor func tellsUntilAllIsRead() async throws {
        let sockets = try SocketPair()
        var calls = 0
        let watch = Watch(sockets.near, for: .readable) { _ in
            calls += 1
            if calls == 3 { _ = sockets.receive() }
        }
        defer { watch.cancel() }
        sockets.send()
        try await until("it has been told three times") { calls == 3 }
        await Timer.sleep(for: .milliseconds(5))
        #expect(calls == 3)
    }

    @Test @LoopActor func tellsOfRoomToWrite() async throws {
        let sockets = try SocketPair()
        sockets.fill()
        var calls = 0
        let watch = Watch(sockets.near, for: .writable) { readiness in
            #expect(readiness == .writable)
            calls += 1
            sockets.fill()
        }
        defer { watch.cancel() }
        await Timer.sleep(for: .milliseconds(5))
        #expect(calls == 0)
        sockets.emptyFar()
        try await until("there is room") { calls > 0 }
    }

    @Test @LoopActor func tellsOnlyOfWhatItIsWatchedFor() async throws {
        let sockets = try SocketPair()
        var told: [Readiness] = []
        let watch = Watch(sockets.near, for: .readable) { readiness in
            told.append(readiness)
            _ = sockets.receive()
        }
        defer { watch.cancel() }
        await Timer.sleep(for: .milliseconds(5))
        #expect(told.isEmpty)
        sockets.send()
        try await until("it is told") { !told.isEmpty }
        watch.interest = [.readable, .writable]
        try await until("it is told of room") { told.contains(.writable) }
        sockets.send()
        try await until("it is told of both") { told.contains([.readable, .writable]) }
        watch.interest = []
        let count = told.count
        sockets.send()
        await Timer.sleep(for: .milliseconds(5))
        #expect(told.count == count)
        watch.interest = .readable
        try await until("it is told again") { told.count > count }
        #expect(told.last == .readable)
    }

    @Test(arguments: [.readable, .writable, [.readable, .writable]] as [Readiness])
    @LoopActor func tellsThatTheOtherSideHasClosed(interest: Readiness) async throws {
        let sockets = try SocketPair()
        sockets.fill()
        var told: Readiness = []
        let watch = Watch(sockets.near, for: interest) { readiness in told = readiness }
        defer { watch.cancel() }
        await Timer.sleep(for: .milliseconds(5))
        #expect(told.isEmpty)
        sockets.closeFar()
        try await until("it is told") { told == interest }
    }

    /// The kernel reports a closed connection whether asked or not.
    ///
    /// A loop that listens to that never sleeps.
    @Test func doesNotSpinOnAClosedConnectionThatNobodyAsksAbout() async {
        await #expect(processExitsWith: .success) {
            LoopThread.start()
            try await spinning()
        }
    }

    @Test @LoopActor func watchesMoreDescriptorsThanOneTurnTakes() async throws {
        let sockets = try (0..<200).map { _ in try SocketPair() }
        var ready: Set<Int32> = []
        let watches = sockets.map { pair in
            Watch(pair.near, for: .readable) { _ in
                _ = pair.receive()
                ready.insert(pair.near)
            }
        }
        defer { watches.forEach { $0.cancel() } }
        sockets.forEach { $0.send() }
        try await until("all are told") { ready.count == 200 }
    }
}

/// Counts the turns of a loop that has nothing to do, in a process where nobody else turns it.
@LoopActor private func spinning() async throws {
    let sockets = try SocketPair()
    var calls = 0
    let watch = Watch(sockets.near, for: []) { _ in calls += 1 }
    sockets.closeFar()
    var turns = 0
    LoopActor.loop.afterRound { isLast in if isLast { turns += 1 } }
    await Timer.sleep(for: .milliseconds(100))
    try #require(calls == 0)
    try #require(turns < 20)
    watch.interest = .readable
    try await until("it is told") { calls > 0 }
    watch.cancel()
}
