public import Loop
public import Redis
internal import Works

/// A walk over a whole store in use that finds where hashes and indexes disagree.
///
/// Every step is bounded, so that Redis serves others in between. Hashes and sets are read at different moments, so
/// what looks wrong is looked at again, a little later each time; only what stays wrong is a difference.
@LoopActor public final class Inspection {
    private let connection: RedisConnection
    /// The first differences, a sentence each.
    public private(set) var differences: [String] = []
    public private(set) var differenceCount = 0
    public private(set) var workCount = 0
    public private(set) var runCount = 0
    public private(set) var setCount = 0

    public init(of connection: RedisConnection) {
        self.connection = connection
    }

    /// Whether the store has the marker of this schema, and the library.
    public func isInstalled() async throws(RedisError) -> Bool {
        guard try await connection.send(Command.reading("HGET", Keys.schema, "version")).integer == Keys.schemaVersion
        else {
            return false
        }
        do throws(RedisError) {
            _ = try await connection.send(Pages.probe)
            return true
        } catch .refused(.functionMissing) {
            return false
        }
    }

    /// Walks all keys, and the members of all sorted sets among them.
    public func run(progress: (_ done: Int, _ total: Int) -> Void) async throws(RedisError) {
        let total = try await connection.send(Command.reading("DBSIZE")).integer ?? 0
        var done = 0
        var cursor = "0"
        repeat {
            let reply = try await connection.send(
                Command.reading("SCAN", cursor, "MATCH", "{0}:*", "COUNT", String(Self.stepCount))
            )
            cursor = reply[0].string ?? "0"
            for index in 0..<reply[1].count {
                if let key = reply[1][index].string { try await inspect(key) }
                done += 1
            }
            progress(done, total)
        } while cursor != "0"
    }

    private func inspect(_ key: String) async throws(RedisError) {
        switch KeyKind(key) {
        case .work(let id):
            workCount += 1
            try await confirm { () throws(RedisError) in try await self.faults(ofWork: id) }
        case .run(let id, let work):
            runCount += 1
            try await confirm { () throws(RedisError) in try await self.faults(ofRun: id, of: work) }
        case .workSet:
            setCount += 1
            try await inspectMembers(of: key, work: nil)
        case .runSet(let work):
            setCount += 1
            try await inspectMembers(of: key, work: work)
        case .other:
            break
        case .unknown:
            report("\(key): no key of this layout")
        }
    }

    // MARK: From hashes to sets

    private func faults(ofWork id: WorkID) async throws(RedisError) -> [String] {
        guard let values = try await values(Keys.work(id), WorkRecord.fieldNames) else { return [] }
        guard let record = WorkRecord(id: id, values: values) else {
            return ["work \(id.text): its hash is not readable"]
        }
        return try await misplaced(id.text, Indexes.places(of: record.work))
    }

    private func faults(ofRun id: RunID, of work: WorkID) async throws(RedisError) -> [String] {
        guard let values = try await values(Keys.run(id, of: work), RunRecord.fieldNames) else { return [] }
        guard let record = RunRecord(id: id, of: work, values: values) else {
            return ["task \(id.text) of work \(work.text): its hash is not readable"]
        }
        var faults = try await misplaced(id.text, Indexes.places(of: record.run))
        if try await connection.send(Command.reading("EXISTS", Keys.work(work))).integer != 1 {
            faults.append("task \(id.text): its work \(work.text) does not exist")
        }
        return faults
    }

    private func misplaced(_ member: String, _ places: [Indexes.Place]) async throws(RedisError) -> [String] {
        let scores = try await connection.send(places.map { Command.reading("ZSCORE", $0.key, member) })
        return zip(places, scores).compactMap { place, score in
            if score.isNull { return "\(place.key): \(member) is missing" }
            return score.integer == place.seconds
                ? nil : "\(place.key): \(member) has another score than \(place.seconds)"
        }
    }

    // MARK: From sets to hashes

    private func inspectMembers(of key: String, work: WorkID?) async throws(RedisError) {
        var cursor = "0"
        repeat {
            let reply = try await connection.send(
                Command.reading("ZSCAN", key, cursor, "COUNT", String(Self.stepCount))
            )
            cursor = reply[0].string ?? "0"
            for index in stride(from: 0, to: reply[1].count, by: 2) {
                guard let member = reply[1][index].string else { continue }
                try await confirm { () throws(RedisError) in
                    try await self.faults(ofMember: member, of: key, work: work)
                }
            }
        } while cursor != "0"
    }

    /// The members that at first sight do not belong into a set; all are read together.
    private func suspects(among members: [String], of key: String, work: WorkID?) async throws(RedisError) -> [String] {
        var commands: [Command] = []
        for member in members {
            let hash = work.map { Keys.runPrefix($0) + member } ?? Keys.workPrefix + member
            var command = Command.reading("HMGET", hash)
            for field in work == nil ? WorkRecord.fieldNames : RunRecord.fieldNames { command.append(field) }
            commands.append(command)
            commands.append(Command.reading("ZSCORE", key, member))
        }
        let replies = try await connection.send(commands)
        return members.enumerated().compactMap { index, member in
            let places = standing(of: member, work: work, values: replies[2 * index])
            let belongs = places.contains { $0.key == key && $0.seconds == replies[2 * index + 1].integer }
            return belongs ? nil : member
        }
    }

    /// Where the work or task with this id and these values stands; nowhere if there is none.
    private func standing(of id: String, work: WorkID?, values: Reply) -> [Indexes.Place] {
        if let work {
            return RunID(id).flatMap { RunRecord(id: $0, of: work, values: values) }.map { Indexes.places(of: $0.run) }
                ?? []
        }
        return WorkID(id).flatMap { WorkRecord(id: $0, values: values) }.map { Indexes.places(of: $0.work) } ?? []
    }

    private func faults(ofMember member: String, of key: String, work: WorkID?) async throws(RedisError) -> [String] {
        guard let score = try await connection.send(Command.reading("ZSCORE", key, member)).integer else { return [] }
        let hash = work.map { Keys.runPrefix($0) + member } ?? Keys.workPrefix + member
        let values = try await values(hash, work == nil ? WorkRecord.fieldNames : RunRecord.fieldNames)
        let places = values.map { standing(of: member, work: work, values: $0) } ?? []
        if places.contains(Indexes.Place(key: key, seconds: score)) { return [] }
        return ["\(key): \(member) does not belong there with score \(score)"]
    }

    // MARK: Reading and reporting

    /// The values of a hash's fields; nil if there is no such hash.
    private func values(_ key: String, _ fields: [String]) async throws(RedisError) -> Reply? {
        var command = Command.reading("HMGET", key)
        for field in fields { command.append(field) }
        let replies = try await connection.send([command, Command.reading("EXISTS", key)])
        return replies[1].integer == 1 ? replies[0] : nil
    }

    /// Looks, and looks again while there is something wrong; reports what stays wrong.
    private func confirm(_ look: () async throws(RedisError) -> [String]) async throws(RedisError) {
        var faults = try await look()
        for attempt in 0..<Self.looksAgain where !faults.isEmpty {
            await Timer.sleep(for: .milliseconds(5 << attempt))
            let seen = Set(faults)
            faults = try await look().filter(seen.contains)
        }
        for fault in faults { report(fault) }
    }

    private func report(_ difference: String) {
        differenceCount += 1
        if differences.count < Self.reportedMax { differences.append(difference) }
    }

    private static let stepCount = 200
    private static let looksAgain = 5
    private static let reportedMax = 100
}

/// What a key is for, by its name.
private enum KeyKind {
    case work(WorkID)
    case run(RunID, WorkID)
    case workSet
    case runSet(WorkID)
    case other
    case unknown

    init(_ key: String) {
        let parts = key.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let id = parts.count > 2 ? WorkID(parts[2]) : nil
        switch parts.count > 1 ? parts[1] : "" {
        case "w" where parts.count == 3: self = id.map { .work($0) } ?? .unknown
        case "t" where parts.count == 4:
            if let id, let run = RunID(parts[3]) { self = .run(run, id) } else { self = .unknown }
        case "wt": self = id.map { .runSet($0) } ?? .unknown
        case "c", "u", "d": self = .workSet
        case "i", "seq", "schema": self = .other
        default: self = .unknown
        }
    }
}
