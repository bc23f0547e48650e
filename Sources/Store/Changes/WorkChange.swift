import Bytes
import JSON
import Secrets
import Works

/// A change of a work, as a commit has to carry it out.
struct WorkChange {
    /// The work as it was read, and has to be still; nil for one that is new.
    let old: WorkRecord?
    let new: WorkRecord
    /// What makes the request for a new work repeatable.
    let key: IdempotencyKey?

    /// A new work; neither its id nor the key may be in use.
    init(creating new: WorkRecord, once key: IdempotencyKey? = nil) {
        old = nil
        self.new = new
        self.key = key
    }

    init(from old: WorkRecord, to new: WorkRecord) {
        self.old = old
        self.new = new
        key = nil
    }

    /// The keys that tell whether it is too late, or comes twice.
    var names: [ExactText] {
        [ExactText(Keys.work(new.work.id))] + (key.map { [ExactText($0.recordKey)] } ?? [])
    }

    func isNamed(_ key: String) -> Bool {
        names.contains(ExactText(key))
    }

    /// About how many bytes there are to be written into the hash.
    var byteCount: Int {
        new.work.textByteCount + (new.work.extraParams?.json.utf8.count ?? 0)
    }

    /// How many bytes of texts there are to be taken apart into grams.
    var textByteCount: Int {
        if let old, old.work.hasTexts(of: new.work) { return 0 }
        return (old?.work.textByteCount ?? 0) + new.work.textByteCount
    }

    /// The commit that carries out changes of different works, whole or not at all.
    static func commit(of changes: [WorkChange], secret: SecretKey, onlyFrees: Bool = false) -> Commit {
        var commit = Commit(onlyFrees: onlyFrees)
        var placements = IndexChanges()
        for change in changes {
            change.write(to: &commit)
            placements.move(change.old, to: change.new, secret: secret)
        }
        placements.write(to: &commit)
        return commit
    }

    /// The work's own hash, with the record of the key.
    private func write(to commit: inout Commit) {
        let hash = Keys.work(new.work.id)
        if let old {
            commit.requireVersion(old.work.version, of: hash)
            commit.set(new.changes(since: old), of: hash)
            return
        }
        commit.requireAbsent(hash)
        if let key {
            var json = JSONWriter()
            new.work.write(to: &json)
            let result = Replay(
                id: new.work.id.text,
                version: new.work.version,
                json: String(decoding: json.bytes, as: UTF8.self)
            )
            IdempotencyRecord.add(to: &commit, key: key, result: result)
        }
        commit.set(new.fields.filter { $0.value != nil }, of: hash)
    }
}

extension Work {
    fileprivate var textByteCount: Int {
        name.utf8.count + description.utf8.count
    }

    fileprivate func hasTexts(of other: Work) -> Bool {
        name.isExactly(other.name) && description.isExactly(other.description)
    }
}
