import Loop
import TestSupport
import Testing

struct WatchTests {
    init() { LoopThread.start() }

    @Test @LoopActor func reportsReadability() async throws {
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
            try await until("it has arrived") { received == count }
        }
    }

    /// Bytes that a handler leaves in the socket are reported again.
    @Test @LoopActor func reportsReadabilityUntilAllIsRead() async throws {
        let sockets = try SocketPair()
        var calls = 0
        let watch = Watch(sockets.near, for: .readable) { _ in
            calls += 1
            if calls == 3 { _ = sockets.receive() }
        }
        defer { watch.cancel() }
        sockets.send()
        try await until("it has been called three times") { calls == 3 }
        await Timer.sleep(for: .milliseconds(5))
        #expect(calls == 3)
    }

    @Test @LoopActor func reportsWritability() async throws {
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

    @Test @LoopActor func reportsOnlyWhatItIsInterestedIn() async throws {
        let sockets = try SocketPair()
        var reported: [Readiness] = []
        let watch = Watch(sockets.near, for: .readable) { readiness in
            reported.append(readiness)
            _ = sockets.receive()
        }
        defer { watch.cancel() }
        await Timer.sleep(for: .milliseconds(5))
        #expect(reported.isEmpty)
        sockets.send()
        try await until("it is called") { !reported.isEmpty }
        watch.interest = [.readable, .writable]
        try await until("it is writable") { reported.contains(.writable) }
        sockets.send()
        try await until("it is both") { reported.contains([.readable, .writable]) }
        watch.interest = []
        let count = reported.count
        sockets.send()
        await Timer.sleep(for: .milliseconds(5))
        #expect(reported.count == count)
        watch.interest = .readable
        try await until("it is called again") { reported.count > count }
        #expect(reported.last == .readable)
    }

    @Test(arguments: [.readable, .writable, [.readable, .writable]] as [Readiness])
    @LoopActor func reportsThatThePeerHasClosed(interest: Readiness) async throws {
        let sockets = try SocketPair()
        sockets.fill()
        var reported: Readiness = []
        let watch = Watch(sockets.near, for: interest) { readiness in reported = readiness }
        defer { watch.cancel() }
        await Timer.sleep(for: .milliseconds(5))
        #expect(reported.isEmpty)
        sockets.closeFar()
        try await until("it is called") { reported == interest }
    }

    /// The kernel always reports a closed connection; a loop that polls it without interest never sleeps.
    @Test func doesNotSpinOnAClosedConnectionWithoutInterest() async {
        await #expect(processExitsWith: .success) {
            LoopThread.start()
            try await spinning()
        }
    }

    @Test @LoopActor func watchesMoreDescriptorsThanOneTurnHandles() async throws {
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
        try await until("all are called") { ready.count == 200 }
    }
}

/// Counts the turns of an idle loop, in a process where nothing else wakes it.
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
    try await until("it is called") { calls > 0 }
    watch.cancel()
}
