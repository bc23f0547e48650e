import TestSupport
import Testing

/// Clients that only read, and clients that only create, without an idempotency key and so without repeating anything.
final class Traffic: Sendable {
    private struct Read {
        let start: ContinuousClock.Instant
        let time: Duration
        let status: Int?
    }

    private struct Write {
        let writer: Int
        let start: ContinuousClock.Instant
        let name: String
        let status: Int?
    }

    private let address: SocketAddress
    private let path: String
    private let user = unique()
    private let reads = Protected<[Read]>([])
    private let writes = Protected<[Write]>([])
    private let seen = Protected<Set<String>>([])
    private static let readers = 4
    private static let writers = 2
    /// Longer than any timeout of nginx.
    private static let patience = Duration.seconds(60)
    /// Longer than nginx needs to give up connecting to a few workers, shorter than it waits for an answer.
    private static let slow = Duration.seconds(5)

    init(at address: SocketAddress) throws {
        self.address = address
        path = try Client(address).create().path
    }

    /// Runs the clients while `body` runs.
    func run(during body: () async throws -> Void) async throws {
        let isOver = Protected(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { isOver.withLock { $0 = true } }
            for number in 0..<(Self.readers + Self.writers) {
                group.addTask { [self] in
                    let client = Client(address, patience: Self.patience)
                    while !isOver.value {
                        if number < Self.writers { write(number, client) } else { read(client) }
                        pause(.milliseconds(5))  // leaves the cores to the service
                    }
                }
            }
            try await body()
            isOver.withLock { $0 = true }
            try await group.waitForAll()
        }
    }

    private func read(_ client: Client) {
        let start = ContinuousClock.now
        let answer = try? client.call("GET", path)
        if answer?.status == 200, let worker = answer?["X-Worker"] { seen.withLock { _ = $0.insert(worker) } }
        reads.withLock { $0.append(Read(start: start, time: .now - start, status: answer?.status)) }
    }

    private func write(_ writer: Int, _ client: Client) {
        let name = unique()
        let start = ContinuousClock.now
        let body = draft(["user_id": .string(user), "name": .string(name)])
        let status = try? client.call("POST", "/api/v1/works", body).status
        writes.withLock { $0.append(Write(writer: writer, start: start, name: name, status: status)) }
    }

    /// Waits until that many more reads have ended.
    func waitForReads(_ count: Int) throws {
        let before = reads.withLock { $0.count }
        try eventually("\(count) more reads have ended", within: .seconds(30)) {
            reads.withLock { $0.count } >= before + count
        }
    }

    /// Whether every writer has begun a write since then that has succeeded.
    func writesAreUnderWay(since start: ContinuousClock.Instant) -> Bool {
        let writers = writes.value.filter { $0.start >= start && $0.status == 200 }.map(\.writer)
        return Set(writers).count == Self.writers
    }

    /// The workers that have answered reads since ``forgetWorkers()``.
    var workers: Set<String> { seen.value }

    func forgetWorkers() { seen.withLock { $0 = [] } }

    // MARK: What was kept

    func expectNoSlowRead(since start: ContinuousClock.Instant) {
        let slow = reads.value.filter { $0.start >= start && $0.time > Self.slow }
        #expect(slow.isEmpty, "\(slow)")
    }

    /// Every read has succeeded, and few were slow: those that were on their way when a host fell silent.
    ///
    /// A worker on a host that came back has lost its store, too, and may say so at first.
    func expectNoReadFailed(whileSilentUntil back: ContinuousClock.Instant) {
        let reads = reads.value
        #expect(reads.count > 2000)
        let failed = reads.filter { $0.status != 200 && !($0.status == 503 && $0.start + $0.time > back) }
        #expect(failed.isEmpty, "\(failed)")
        let slow = reads.filter { $0.time > Self.slow }
        #expect(slow.count <= 2 * Self.readers, "\(slow)")
    }

    /// Every write that was acknowledged has happened once, every other at most once, and one refused because there was
    /// no store never; and few are in doubt: those that were on their way when a host fell silent.
    func expectEveryWriteOnce() throws {
        var counts: [String: Int] = [:]
        var next: String? = "/api/v1/works?limit=1000&user_id=\(user)"
        while let target = next {
            let page = try Client(address).page(target)
            for item in page.items { counts[item["name"].string ?? "", default: 0] += 1 }
            next = page.next
        }
        #expect(counts.values.allSatisfy { $0 == 1 })
        let writes = writes.value
        #expect(writes.count > 100)
        #expect(writes.allSatisfy { $0.status != 200 || counts[$0.name] == 1 })
        #expect(Set(counts.keys).isSubset(of: Set(writes.map(\.name))))
        #expect(writes.allSatisfy { $0.status != 503 || counts[$0.name] == nil })
        let inDoubt = writes.filter { $0.status != 200 && $0.status != 503 }
        #expect(inDoubt.count <= 2 * Self.writers, "\(inDoubt)")
        #expect(inDoubt.allSatisfy { $0.status == 502 || $0.status == 504 }, "\(inDoubt)")
    }
}
