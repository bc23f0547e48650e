internal import JSON
internal import Loop
internal import Redis
internal import Works

/// Stores new works, those together that come while others are being stored.
///
/// New works have many of their sets in common, so that one commit of several costs Redis far less than one for each. A
/// work that comes alone does not wait: it is committed at once.
@LoopActor final class Creations {
    /// A work to be stored, and what makes the request for it repeatable.
    struct Item {
        let record: WorkRecord
        var key: IdempotencyKey?
    }

    private struct Waiting {
        let item: Item
        let caller: CheckedContinuation<Result<Commit.Outcome, Failure>, Never>
    }

    private let storage: Storage
    private var waiting: [Waiting] = []
    private var commitsUnderWay = 0

    nonisolated init(_ storage: Storage) {
        self.storage = storage
    }

    /// Stores a work, whole or not at all.
    ///
    /// - Returns: whether it is done, or which check failed.
    /// - Throws: what the store says.
    func store(_ item: Item) async throws(Failure) -> Commit.Outcome {
        let result = await withCheckedContinuation { caller in
            waiting.append(Waiting(item: item, caller: caller))
            guard commitsUnderWay < Self.commitsMax else { return }
            commitsUnderWay += 1
            // As a task, it begins when all requests of this turn have come as far as this.
            LoopActor.start { [self] in
                while !waiting.isEmpty { await commit(takeBatch()) }
                commitsUnderWay -= 1
            }
        }
        return try result.get()
    }

    /// The commit that stores new works: none of their ids or keys may be in use.
    static func commit(of items: [Item], secret: SipKey) -> Commit {
        var commit = Commit()
        for item in items { commit.create(item) }
        if items.count == 1 {
            commit.place(items[0].record, secret: secret)
        } else {
            var placements = Placements()
            for item in items { placements.add(item.record, secret: secret) }
            placements.write(to: &commit)
        }
        return commit
    }

    private func commit(_ batch: [Waiting]) async {
        let outcome = await outcome(of: batch.map(\.item))
        if case .success(.failed) = outcome, batch.count > 1 {
            // One of them fails all; which one is not for the others to find out.
            for one in batch { one.caller.resume(returning: await self.outcome(of: [one.item])) }
        } else {
            for one in batch { one.caller.resume(returning: outcome) }
        }
    }

    private func outcome(of items: [Item]) async -> Result<Commit.Outcome, Failure> {
        do throws(Failure) {
            return .success(try await storage.apply(Self.commit(of: items, secret: try storage.signingKey())))
        } catch {
            return .failure(error)
        }
    }

    /// Those who have waited longest, as many as Redis can store in some milliseconds; no two with the same key, of which
    /// the second is to fail.
    private func takeBatch() -> [Waiting] {
        var bytes = 0
        var keys: Set<String> = []
        let batch = waiting.prefix(Self.worksMax).prefix { one in
            let work = one.item.record.work
            let isFirst = bytes == 0
            bytes += work.name.utf8.count + work.description.utf8.count
            if let key = one.item.key, !keys.insert(key.recordKey).inserted { return false }
            return isFirst || bytes <= Self.textBytesMax
        }
        waiting.removeFirst(batch.count)
        return Array(batch)
    }

    /// While Redis is at one commit, the next is made ready.
    private static let commitsMax = 2
    private static let worksMax = 16
    private static let textBytesMax = 8 << 10
}

extension Commit {
    /// Stores the hash of a new work, with the record of its key.
    fileprivate mutating func create(_ item: Creations.Item) {
        let work = item.record.work
        let hash = Keys.work(work.id)
        requireAbsent(hash)
        if let key = item.key {
            var json = JSONWriter()
            work.write(to: &json)
            let result = Replay(
                id: work.id.text,
                version: work.version,
                json: String(decoding: json.bytes, as: UTF8.self)
            )
            IdempotencyRecord.add(to: &self, key: key, result: result)
        }
        set(item.record.fields.filter { $0.value != nil }, of: hash)
    }
}
