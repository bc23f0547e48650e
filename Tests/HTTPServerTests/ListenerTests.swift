import Foundation
import HTTP
import HTTPServer
import Loop
import TestSupport
import Testing

@Suite(.waiting) struct ListenerTests {
    @Test func refusesABusyPort() async throws {
        try await withServer { server in
            let error = #expect(throws: ListenError.self) { try Listener(server.address.listenAddress) }
            #expect(error?.description == "cannot listen on \(server.address): Address already in use")
        }
    }

    @Test func refusesAnAddressThatIsNotOurs() {
        #expect(throws: ListenError.self) { try Listener(.tcp(host: "192.0.2.1", port: 8081)) }
        #expect(throws: ListenError.self) { try Listener(.tcp(host: "works.test", port: 8081)) }
        #expect(throws: ListenError.self) { try Listener(.unix(path: "/nonexistent/http.sock")) }
        #expect(throws: ListenError.self) { try Listener(.unix(path: "/" + String(repeating: "x", count: 200))) }
    }

    @Test func replacesAStaleSocketFile() async throws {
        let directory = try ScratchDirectory()
        let address = SocketAddress.unix(directory.file("http.sock"))
        close(try SocketAddress.listen(at: address))
        #expect(access(directory.file("http.sock"), F_OK) == 0)
        for _ in 1...2 {
            try await withServer(at: address) { server in
                let answer = try server.call(Call("GET", "/"))
                #expect(answer.status == 200)
            }
        }
    }

    @Test func leavesASocketFileThatIsInUse() async throws {
        let directory = try ScratchDirectory()
        let address = SocketAddress.unix(directory.file("http.sock"))
        try await withServer(at: address) { server in
            #expect(throws: ListenError.self) { try Listener(address.listenAddress) }
            let answer = try server.call(Call("GET", "/"))
            #expect(answer.status == 200)
        }
    }

    /// An owner that is too busy to accept connections must not block the listener.
    @Test func leavesASocketFileWhoseQueueIsFull() async throws {
        let directory = try ScratchDirectory()
        let address = SocketAddress.unix(directory.file("http.sock"))
        let busy = try SocketAddress.listen(at: address)
        defer { close(busy) }
        listen(busy, 0)
        let waiting = try Wire(to: address)
        let isDone = Protected(false)
        async let ending: Void = {
            // Makes room in the queue if the listener does wait, so that the test ends either way.
            for _ in 0..<200 where !isDone.value { pause(.milliseconds(10)) }
            if !isDone.value { close(accept(busy, nil, nil)) }
        }()
        let start = ContinuousClock.now
        #expect(throws: ListenError.self) { try Listener(address.listenAddress) }
        #expect(ContinuousClock.now - start < .seconds(1))
        isDone.withLock { $0 = true }
        await ending
        waiting.cut()
        #expect(access(directory.file("http.sock"), F_OK) == 0)
    }

    @Test func leavesAFileThatIsNotASocket() throws {
        let directory = try ScratchDirectory()
        let path = try directory.write("http.sock", "precious")
        #expect(throws: ListenError.self) { try Listener(.unix(path: path)) }
        #expect(FileManager.default.contents(atPath: path) == Data("precious".utf8))
    }

    @Test func adoptsAListeningSocket() async throws {
        LoopThread.start()
        let address = try SocketAddress.freePort()
        let descriptor = try SocketAddress.listen(at: address)
        _ = fcntl(descriptor, F_SETFL, 0)
        let listener = try Listener(inherited: descriptor)
        // The service manager hands the socket over without these flags.
        #expect(fcntl(descriptor, F_GETFL) & O_NONBLOCK != 0)
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        let http = await HTTPServer(
            on: listener,
            limits: HTTPLimits(),
            timeoutAnswer: { _ in Response(status: 408) },
            handler: echo
        )
        try await http.start()
        let answer = try Client(address, keepsConnections: false).call("GET", "/a")
        #expect(answer.text == "GET /a - 0 fine")
        await http.drain(for: .seconds(5))
    }

    @Test func tellsWhereItListens() throws {
        let directory = try ScratchDirectory()
        let path = directory.file("http.sock")
        #expect(try Listener(.unix(path: path)).description == "unix:\(path)")
        let longest = "/tmp/" + String(repeating: "x", count: 107 - "/tmp/".utf8.count)
        unlink(longest)
        #expect(try Listener(.unix(path: longest)).description == "unix:\(longest)")
        unlink(longest)
        #expect(try Listener(.tcp(host: "::1", port: 0)).description.wholeMatch(of: #/\[::1\]:[1-9][0-9]+/#) != nil)
        let listener = try Listener(.tcp(host: "127.0.0.1", port: 0))
        let port = try #require(listener.description.split(separator: ":").last.flatMap { UInt16($0) })
        #expect(listener.description == "127.0.0.1:\(port)")
        withExtendedLifetime(try Wire(to: .port(port))) {}
    }

    @Test func tellsWhereAnInheritedSocketListens() throws {
        let address = try SocketAddress.freePort()
        let descriptor = try SocketAddress.listen(at: address)
        #expect(try Listener(inherited: descriptor).description == address.description)
        close(descriptor)
        let unnamed = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(unnamed) }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        // The kernel chooses an abstract name.
        let size = socklen_t(MemoryLayout<sa_family_t>.size)
        let isBound = withUnsafePointer(to: name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(unnamed, $0, size) == 0 }
        }
        #expect(isBound && listen(unnamed, 1) == 0)
        #expect(try Listener(inherited: unnamed).description == "descriptor \(unnamed)")
    }

    @Test func refusesADescriptorThatDoesNotListen() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        let unbound = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(unbound) }
        for descriptor in [ends[0], unbound, -1, 12345] {
            let error = #expect(throws: ListenError.self) { try Listener(inherited: descriptor) }
            #expect(error?.description == "descriptor \(descriptor) is not a listening socket")
        }
    }

    @Test func listensOnIPv6() throws {
        let listener = try Listener(.tcp(host: "::1", port: 0))
        withExtendedLifetime(listener) {}
    }
}
