import Bytes
package import Loop
package import Redis
import Secrets
import Works

/// A walk over a whole store in use that finds where hashes and indexes disagree, and mends that if it is told to.
///
/// It goes over all keys twice. First, each hash of a work or a task is held against what it must have elsewhere, which
/// is what a commit would write: `works_1_missing` tells what of it is not there. On the way it counts how many members
/// each set must have. Then the size of each set is held against that count; only where they differ are the members
/// looked at one by one, for those that belong to nothing.
///
/// Every step is bounded, so that Redis serves others in between. What is read at different moments may look wrong
/// while somebody writes, so it is looked at again, a little later each time; only what stays wrong is a difference.
@LoopActor package final class Verification {
    let client: RedisClient
    /// Whether differences are mended: what the hashes say is written, by commits that require them to be as read.
    let mends: Bool
    let secret: SecretKey

    /// The first differences that are left, a sentence each.
    package private(set) var differences: [String] = []
    package private(set) var differenceCount = 0
    /// How many works, tasks and members of sets have been mended.
    package internal(set) var mendedCount = 0
    package internal(set) var workCount = 0
    package internal(set) var runCount = 0
    package private(set) var setCount = 0
    package private(set) var postingSetCount = 0

    /// How many members each set must have, by the hash of its key: a million works have millions of sets.
    var expectedCounts: [Int: Int] = [:]
    /// The hashes seen so far, since a walk over the keys may meet one twice.
    private var seen: Set<Int> = []

    /// A walk that mends differences if `mends` is true, and otherwise only reports them.
    package init(of connection: StoreConnection, mends: Bool = false) throws(StoreError) {
        client = connection.client
        secret = try connection.secret()
        self.mends = mends
    }

    /// Walks all keys, twice; `progress` is told how many of how many are done.
    package func run(progress: (_ done: Int, _ total: Int) -> Void) async throws(RedisError) {
        let total = 2 * (try await client.send(Command.reading("DBSIZE")).integer ?? 0)
        var done = 0
        try await forEachStep { keys async throws(RedisError) in
            try await inspectHashes(keys)
            done += keys.count
            progress(done, total)
        }
        try await forEachStep { keys async throws(RedisError) in
            try await inspectSets(keys)
            done += keys.count
            progress(done, total)
        }
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

    private func inspectHashes(_ keys: [String]) async throws(RedisError) {
        var works: [WorkID] = []
        var runs: [(RunID, WorkID)] = []
        for key in keys {
            switch Key(key) {
            case .work(let id): if seen.insert(Self.hash(key)).inserted { works.append(id) }
            case .run(let id, let work): if seen.insert(Self.hash(key)).inserted { runs.append((id, work)) }
            case .workSet, .runSet, .ids, .posting, .other, .unknown: break
            }
        }
        try await inspect(works: works)
        try await inspect(runs: runs)
    }

    private func inspectSets(_ keys: [String]) async throws(RedisError) {
        for (key, kind) in keys.map({ ($0, Key($0)) }) {
            switch kind {
            case .workSet, .runSet: setCount += 1
            case .posting: postingSetCount += 1
            case .unknown: report("\(key): no key of this layout")
            case .work, .run, .ids, .other: break
            }
        }
        try await inspectSizes(keys)
    }

    // MARK: Counting and reporting

    func expectMembers(of keys: some Sequence<String>) {
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

    /// Waits before another look; longer each time.
    static func pause(before look: Int) async {
        await Timer.sleep(for: .milliseconds(5 << look))
    }

    static let looksMax = 6
    private static let keysPerStep = 200
    private static let reportedMax = 100
}
