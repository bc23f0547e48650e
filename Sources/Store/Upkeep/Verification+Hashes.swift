import Redis
import Works

/// From the hashes to the sets: finds entries that a hash must have elsewhere.
extension Verification {
    func verify(works ids: [WorkID]) async throws(RedisError) {
        workHashCount += ids.count
        try await verify(ids, Keys.work, WorkColumns.hashFieldsOrTombstone) { id, values in
            if let tombstone = Tombstone(values: values) {
                worksBeingPurged.insert(id)
                return Self.expectation(of: id, tombstone)
            }
            guard let record = WorkRecord(id: id, values: values) else { return nil }
            highestNumber = max(highestNumber, record.sequence)
            var commit = Commit()
            commit.requireVersion(record.work.version, of: Keys.work(id))
            let change = WorkChange(creating: record)
            commit.set(change.newTexts?.fields(besides: record.work) ?? [], of: Keys.work(id))
            let ownKeyCount = commit.keys.count
            var changes = IndexChanges()
            changes.add(change, secret: secret)
            changes.write(to: &commit)
            return Expectation(commit: commit, ownKeyCount: ownKeyCount)
        }
    }

    private static func expectation(of id: WorkID, _ tombstone: Tombstone) -> Expectation {
        var commit = Commit()
        tombstone.require(of: id, in: &commit)
        let ownKeyCount = commit.keys.count
        tombstone.list(id, in: &commit)
        return Expectation(commit: commit, ownKeyCount: ownKeyCount)
    }

    func verify(runs ids: [(RunID, WorkID)]) async throws(RedisError) {
        runCount += ids.count
        try await verify(ids, { Keys.run($0.0, of: $0.1) }, RunRecord.hashFields) { id, values in
            guard let record = RunRecord(id: id.0, of: id.1, values: values) else { return nil }
            var commit = Commit()
            commit.requireVersion(record.run.version, of: Keys.run(id.0, of: id.1))
            commit.requirePresent(Keys.work(id.1))
            let ownKeyCount = commit.keys.count
            commit.move([(old: nil, new: record)])
            return Expectation(commit: commit, ownKeyCount: ownKeyCount)
        }
    }

    /// What must be in effect for a hash, as the commit that puts it into effect.
    struct Expectation {
        let commit: Commit
        /// How many of the commit's first keys are the hash itself and its work; the others have an entry for it.
        let ownKeyCount: Int
    }

    /// A hash with its expectation; nil if the hash is not readable.
    private typealias Expecting<ID> = (id: ID, expectation: Expectation?)
    /// A hash and what is wrong with it, one sentence each.
    private typealias Finding<ID> = (id: ID, sentences: [String])

    private func verify<ID>(
        _ ids: [ID],
        _ key: (ID) -> String,
        _ fields: HashFields,
        _ expectation: (ID, Reply) -> Expectation?
    ) async throws(RedisError) {
        var open = ids
        var findings: [Finding<ID>] = []
        for attempt in 0..<Self.attemptsMax where !open.isEmpty {
            if attempt > 0 { await Self.pause(before: attempt) }
            let expected = try await expected(of: open, key, fields, expectation)
            if attempt == 0 {
                for case (_, let known?) in expected {
                    expectMember(inEach: known.commit.keys.dropFirst(known.ownKeyCount))
                }
            }
            let mayRepair = mode == .repair && attempt < Self.attemptsMax - 1
            findings = try await compare(expected, key, mayRepair: mayRepair)
            open = findings.map(\.id)
        }
        for finding in findings { finding.sentences.forEach(report) }
    }

    /// Reads the hashes; those that no longer exist are omitted.
    private func expected<ID>(
        of ids: [ID],
        _ key: (ID) -> String,
        _ fields: HashFields,
        _ expectation: (ID, Reply) -> Expectation?
    ) async throws(RedisError) -> [Expecting<ID>] {
        let replies = try await read(
            ids.flatMap { [Command.reading(fields, of: key($0)), Command.reading("EXISTS", key($0))] }
        )
        return ids.enumerated().compactMap { index, id in
            replies[2 * index + 1].integer == 1 ? (id, expectation(id, replies[2 * index])) : nil
        }
    }

    /// Finds which expectations are not in effect, and repairs them if `mayRepair`.
    private func compare<ID>(
        _ expected: [Expecting<ID>],
        _ key: (ID) -> String,
        mayRepair: Bool
    ) async throws(RedisError) -> [Finding<ID>] {
        var findings: [Finding<ID>] = []
        for (id, expectation) in expected where expectation == nil {
            findings.append((id, ["\(key(id)): unreadable hash"]))
        }
        let readable = expected.compactMap { id, expectation in expectation.map { (id: id, commit: $0.commit) } }
        let replies = try await client.send(readable.map(\.commit.missing))
        for ((id, commit), reply) in zip(readable, replies) where reply.count > 0 {
            findings.append((id, commit.sentences(on: reply, of: key(id))))
            if mayRepair { _ = try await repair(commit) }
        }
        return findings
    }
}

extension Commit {
    /// What a reply to ``missing`` says, one sentence per key.
    fileprivate func sentences(on reply: Reply, of hash: String) -> [String] {
        stride(from: 0, to: reply.count, by: 2).map { index in
            let number = reply[index + 1].integer ?? 0
            let name = keys.indices.contains(number - 1) ? keys[number - 1] : "?"
            return switch reply[index].string {
            case "sadd": "\(name): missing entry for \(hash)"
            case "field": "\(hash): keeps changing"
            case "present": "\(hash): its work does not exist"
            default: "\(name): missing or wrong entry for \(hash)"
            }
        }
    }
}
