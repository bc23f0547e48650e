import Bytes
public import Loop
public import Redis
import Secrets
import Works

/// Compares all hashes and indexes of a store in use, and repairs the indexes if asked to.
///
/// It scans all keys twice. The first pass covers the hashes of works and tasks. It composes the commit that would
/// write all entries of a hash elsewhere, and the function `missing` finds which steps of that commit are not in
/// effect. It also counts how many members each set must have. The second pass compares that count with the size of
/// each set, and only if they differ examines the members, to find those that belong to nothing.
///
/// Every step is bounded, so that Redis serves others in between. Concurrent writes can make a sound store look wrong,
/// because its parts are read at different moments. So whatever looks wrong is read again, after increasing pauses, and
/// is a difference only if it stays wrong.
@LoopActor public final class Verification {
    public enum Mode: Sendable {
        /// Changes nothing.
        case report
        /// Also rewrites the indexes from the hashes, in commits that require the hashes to be as they were read.
        case repair
    }

    let client: RedisClient
    public let mode: Mode
    let secret: SecretKey
    let marker: Marker

    /// The first of the remaining differences, a sentence each.
    public private(set) var differences: [String] = []
    public private(set) var differenceCount = 0
    /// How many works, tasks and members of sets were repaired.
    public internal(set) var repairedCount = 0
    var workHashCount = 0
    /// The highest number of a work.
    var highestNumber = 0
    /// The works whose purge is not finished.
    var worksBeingPurged: Set<WorkID> = []
    public internal(set) var runCount = 0
    public private(set) var setCount = 0
    public private(set) var postingSetCount = 0

    /// How many members each set must have, by the hash value of its key: a million works have millions of sets.
    private var expectedCounts: [Int: Int] = [:]
    /// The hashes seen so far, since SCAN may return a key twice.
    private var seen: Set<Int> = []

    public var workCount: Int { workHashCount - worksBeingPurged.count }
    /// How many works were purged but still have tasks.
    public var unfinishedPurgeCount: Int { worksBeingPurged.count }

    public init(of connection: StoreConnection, mode: Mode) throws(StoreError) {
        client = connection.client
        secret = try connection.secret()
        marker = try connection.marker()
        self.mode = mode
    }

    /// Scans all keys twice; calls `progress` with how many are done, and of how many.
    public func run(progress: (_ done: Int, _ total: Int) -> Void) async throws(RedisError) {
        let total = 2 * (try await client.send(Command.reading("DBSIZE")).integer ?? 0)
        var done = 0
        try await forEachStep { keys async throws(RedisError) in
            try await verifyHashes(keys)
            done += keys.count
            progress(done, total)
        }
        try await forEachStep { keys async throws(RedisError) in
            try await verifySets(keys)
            done += keys.count
            progress(done, total)
        }
        try await verifyCounter()
    }

    /// Sends commands that read; the reply of one that meets a key of the wrong type is null.
    func read(_ commands: [Command]) async throws(RedisError) -> [Reply] {
        do throws(RedisError) {
            return try await client.send(commands)
        } catch .rejected(.misconfigured) {
            var replies: [Reply] = []
            for command in commands {
                do throws(RedisError) {
                    replies.append(try await client.send(command))
                } catch .rejected(.misconfigured) {
                    replies.append(.null)
                }
            }
            return replies
        }
    }

    /// Applies a repair; false if it cannot be made, as long as a key has the wrong type or something else changes.
    func repair(_ commit: Commit) async throws(RedisError) -> Bool {
        do throws(RedisError) {
            guard commit.outcome(try await client.send(commit.command(on: marker))) == .done else { return false }
        } catch .rejected(.misconfigured) {
            return false
        }
        repairedCount += 1
        return true
    }

    /// Compares the counter of numbers with the highest number, and raises it.
    private func verifyCounter() async throws(RedisError) {
        let last = try await read([.reading("GET", Keys.sequence)])[0].integer ?? 0
        guard last < highestNumber else { return }
        let (step, overflow) = highestNumber.subtractingReportingOverflow(last)
        if mode == .repair && !overflow {
            do throws(RedisError) {
                _ = try await client.send(Command("INCRBY", Keys.sequence, String(step)))
                repairedCount += 1
                return
            } catch .rejected {
                // It is not a number.
            }
        }
        report("\(Keys.sequence): lower than \(highestNumber), the number of a work")
    }

    private func forEachStep(_ body: ([String]) async throws(RedisError) -> Void) async throws(RedisError) {
        var cursor = "0"
        repeat {
            let reply = try await client.send(
                Command.reading("SCAN", cursor, "MATCH", "{0}:*", "COUNT", String(Self.keysPerStep))
            )
            cursor = reply[0].string ?? "0"
            try await body((0..<reply[1].count).compactMap { reply[1][$0].string })
        } while cursor != "0"
    }

    private func verifyHashes(_ keys: [String]) async throws(RedisError) {
        var works: [WorkID] = []
        var runs: [(RunID, WorkID)] = []
        for key in keys {
            switch Key(key) {
            case .work(let id): if seen.insert(Self.hash(key)).inserted { works.append(id) }
            case .run(let id, let work): if seen.insert(Self.hash(key)).inserted { runs.append((id, work)) }
            case .workSet, .runSet, .purging, .ids, .posting, .other, .unknown: break
            }
        }
        try await verify(works: works)
        try await verify(runs: runs)
    }

    private func verifySets(_ keys: [String]) async throws(RedisError) {
        for (key, kind) in keys.map({ ($0, Key($0)) }) {
            switch kind {
            case .workSet, .runSet, .purging: setCount += 1
            case .posting: postingSetCount += 1
            case .unknown: report("\(key): unknown key")
            case .work, .run, .ids, .other: break
            }
        }
        try await verifySizes(keys)
    }

    // MARK: Counting and reporting

    func expectMember(inEach keys: some Sequence<String>) {
        for key in keys { expectedCounts[Self.hash(key), default: 0] += 1 }
    }

    func expectedCount(_ key: String) -> Int {
        expectedCounts[Self.hash(key)] ?? 0
    }

    private static func hash(_ key: String) -> Int {
        ExactText(key).hashValue
    }

    func report(_ difference: String) {
        differenceCount += 1
        if differences.count < Self.reportedMax { differences.append(difference) }
    }

    /// Waits before reading again; longer each time.
    static func pause(before attempt: Int) async {
        await Timer.sleep(for: .milliseconds(5 << attempt))
    }

    /// How many times something is read before it counts as wrong.
    static let attemptsMax = 6
    private static let keysPerStep = 200
    private static let reportedMax = 100
}
