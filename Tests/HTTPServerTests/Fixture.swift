import HTTP
import HTTPServer
import Loop
import TestSupport

/// A server with a socket of its own, started and drained by ``withServer(at:limits:handler:_:)``.
struct TestServer: Sendable {
    let http: HTTPServer
    let address: SocketAddress

    func connect(patience: Duration = .seconds(20)) throws -> HTTPConnection {
        try HTTPConnection(to: address, patience: patience)
    }

    /// Sends a request on a connection of its own.
    func call(_ request: Call) throws -> Answer { try connect().call(request) }

    /// Waits until the server has noticed that all clients have left.
    func untilAllAreGone() async throws {
        try await until("no connection is left") { await http.connectionCount == 0 }
    }
}

/// Runs `body` with a server that answers through `handler`.
///
/// The server need not linger at the end: no request is on its way once a test is over.
func withServer(
    at address: SocketAddress? = nil,
    limits change: (inout HTTPLimits) -> Void = { _ in },
    handler: @escaping @LoopActor (Request) async -> Response = echo,
    _ body: (TestServer) async throws -> Void
) async throws {
    LoopThread.start()
    let address = try address ?? .freePort()
    var limits = HTTPLimits()
    limits.lingering = .milliseconds(1)
    change(&limits)
    let listener = try Listener(address.listenAddress)
    let http = await HTTPServer(
        on: listener,
        limits: limits,
        timeoutAnswer: { request in
            let body = "late" + (request.map { " " + $0.path } ?? "")
            return Response(status: 408, fields: [.init("Content-Type", "text/plain")], body: Array(body.utf8))
        },
        handler: handler
    )
    try await http.start()
    do {
        try await body(TestServer(http: http, address: address))
    } catch {
        await http.drainUnlessDrained()
        throw error
    }
    await http.drainUnlessDrained()
}

extension HTTPServer {
    fileprivate func drainUnlessDrained() async {
        if !isDraining { await drain(for: .seconds(10)) }
    }
}

extension SocketAddress {
    var listenAddress: ListenAddress {
        switch self {
        case .port(let number): .tcp(host: "127.0.0.1", port: number)
        case .unix(let path): .unix(path: path)
        }
    }
}

/// Tells the client what has arrived: method, path, query, size of the body, and which fault the server found.
@LoopActor func echo(_ request: Request) async -> Response {
    let words = [
        request.method.rawValue, request.path, request.query ?? "-", String(request.body.count),
        request.fault.map { "\($0)" } ?? "fine",
    ]
    return Response(
        status: request.fault.map(status) ?? 200,
        fields: [.init("Content-Type", "text/plain")],
        body: Array(words.joined(separator: " ").utf8)
    )
}

private func status(of fault: HTTPFault) -> Int {
    switch fault {
    case .headerMalformed, .bodyLengthUnclear, .hostRepeated, .targetMalformed: 400
    case .bodyTooLarge: 413
    case .targetTooLong: 414
    case .headersTooLarge: 431
    case .overloaded: 503
    }
}

/// Holds requests back until a test lets them go.
@LoopActor final class Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// How many requests have reached the gate.
    private(set) var count = 0

    nonisolated init() {}

    func pass() async {
        count += 1
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    /// Waits until that many requests have reached the gate.
    nonisolated func hasStopped(_ number: Int) async throws {
        try await until("\(number) requests wait") { await count >= number }
    }
}
