import Redis
import Works

/// From the hashes to everything that must agree with them.
extension Verification {
    func inspect(works ids: [WorkID]) async throws(RedisError) {
        workCount += ids.count
        try await inspect(ids, Keys.work, WorkRecord.hashFields) { id, values in
            guard let record = WorkRecord(id: id, values: values) else { return nil }
            var commit = Commit()
            commit.requireVersion(record.work.version, of: Keys.work(id))
            commit.set(record.folded, of: Keys.work(id))
            let own = commit.keys.count
            var placements = IndexChanges()
            placements.move(nil, to: record, secret: secret)
            placements.write(to: &commit)
            return Placement(commit: commit, own: own)
        }
    }

    func inspect(runs ids: [(RunID, WorkID)]) async throws(RedisError) {
        runCount += ids.count
        try await inspect(ids, { Keys.run($0.0, of: $0.1) }, RunRecord.hashFields) { id, values in
            guard let record = RunRecord(id: id.0, of: id.1, values: values) else { return nil }
            var commit = Commit()
            commit.requireVersion(record.run.version, of: Keys.run(id.0, of: id.1))
            commit.requirePresent(Keys.work(id.1))
            let own = commit.keys.count
            commit.move([(old: nil, new: record)])
            return Placement(commit: commit, own: own)
        }
    }

    /// What a record must have in other keys: all but the first `own` keys of the commit that puts it there.
    struct Placement {
        let commit: Commit
        let own: Int
    }

    private func inspect<ID>(
        _ ids: [ID],
        _ key: (ID) -> String,
        _ fields: HashFields,
        _ placement: (ID, Reply) -> Placement?
    ) async throws(RedisError) {
        var open = ids
        var lacks: [(id: ID, sentences: [String])] = []
        for look in 0..<Self.looksMax where !open.isEmpty {
            if look > 0 { await Self.pause(before: look) }
            lacks = []
            let records = try await client.send(
                open.flatMap { id in
                    [Command.reading(fields, of: key(id)), Command.reading("EXISTS", key(id))]
                }
            )
            var placed: [(id: ID, placement: Placement)] = []
            for (index, id) in open.enumerated() where records[2 * index + 1].integer == 1 {
                if let placement = placement(id, records[2 * index]) {
                    placed.append((id, placement))
                } else {
                    lacks.append((id, ["\(key(id)): the hash is not readable"]))
                }
            }
            if look == 0 {
                for (_, placement) in placed { expectMembers(of: placement.commit.keys.dropFirst(placement.own)) }
            }
            let replies = try await client.send(placed.map { $0.placement.commit.missing })
            for ((id, placement), reply) in zip(placed, replies) where reply.count > 0 {
                lacks.append((id, placement.commit.sentences(on: reply, of: key(id))))
                guard mends, look < Self.looksMax - 1 else { continue }
                let answer = try await client.send(placement.commit.command)
                if placement.commit.outcome(answer) == .done { mendedCount += 1 }
            }
            open = lacks.map(\.id)
        }
        for lack in lacks { lack.sentences.forEach(report) }
    }
}

extension Commit {
    /// What an answer to ``missing`` says, a sentence for each key.
    fileprivate func sentences(on reply: Reply, of hash: String) -> [String] {
        stride(from: 0, to: reply.count, by: 2).map { index in
            let number = reply[index + 1].integer ?? 0
            let name = keys.indices.contains(number - 1) ? keys[number - 1] : "?"
            return switch reply[index].string {
            case "zadd": "\(name): has not what \(hash) says"
            case "sadd": "\(name): lacks the number of \(hash)"
            case "field": "\(hash): changes all the time"
            case "present": "\(hash): its work does not exist"
            default: "\(name): has not what follows from \(hash)"
            }
        }
    }
}
