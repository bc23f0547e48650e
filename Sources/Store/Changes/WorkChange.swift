import Bytes
import Secrets
import Works

/// A change of a work, for a commit to carry out.
struct WorkChange {
    /// The work as it was read and must still be; nil for a new one.
    let old: WorkRecord?
    /// The work after the change; nil for one that is removed.
    let new: WorkRecord?
    /// The key that makes the create request repeatable, and what the request creates.
    let record: (key: IdempotencyKey, creation: Creation)?
    /// The folded texts before and after the change; both nil if it does not touch the texts.
    let oldTexts: FoldedTexts?
    let newTexts: FoldedTexts?

    /// A new work; neither its id nor the key may be in use.
    init(creating new: WorkRecord, record: (key: IdempotencyKey, creation: Creation)? = nil) {
        old = nil
        self.new = new
        self.record = record
        oldTexts = nil
        newTexts = FoldedTexts(of: new.work)
    }

    init(from old: WorkRecord, to new: WorkRecord) {
        self.old = old
        self.new = new
        record = nil
        let isTextChanged = !old.work.hasTexts(of: new.work)
        oldTexts = isTextChanged ? FoldedTexts(of: old.work) : nil
        newTexts = isTextChanged ? FoldedTexts(of: new.work) : nil
    }

    /// The removal of a work from the indexes; the caller removes the work's own hash.
    init(removing old: WorkRecord) {
        self.old = old
        new = nil
        record = nil
        oldTexts = FoldedTexts(of: old.work)
        newTexts = nil
    }

    /// The keys whose checks fail if another change came first.
    var conflictKeys: [ExactText] {
        let work = (new ?? old).map { [ExactText(Keys.work($0.work.id))] } ?? []
        return work + (record.map { [ExactText($0.key.recordKey)] } ?? [])
    }

    func conflicts(on key: String) -> Bool {
        conflictKeys.contains(ExactText(key)) || numberKey?.isExactly(key) == true
    }

    /// The hash in which the number of a new work must be free; works of one commit may share it.
    private var numberKey: String? {
        old == nil ? new.map { Keys.ids($0.sequence) } : nil
    }

    /// Whether it moves a work to the trash: that takes next to no memory, and purging the work then frees much.
    ///
    /// Redis accepts such a change even when it is full.
    var onlyFrees: Bool {
        old?.work.isDeleted == false && new?.work.isDeleted == true
    }

    /// About how many bytes must be written into the hash.
    var byteCount: Int {
        guard let new else { return 0 }
        return new.work.textByteCount + (new.work.extraParams?.json.utf8.count ?? 0)
    }

    /// How many bytes of text must be split into grams.
    var textByteCount: Int {
        (oldTexts == nil ? 0 : old?.work.textByteCount ?? 0) + (newTexts == nil ? 0 : new?.work.textByteCount ?? 0)
    }

    /// The commit that carries out changes of different works, completely or not at all.
    static func commit(of changes: [WorkChange], secret: SecretKey) -> Commit {
        var commit = Commit(onlyFrees: changes.allSatisfy(\.onlyFrees))
        var indexChanges = IndexChanges()
        for change in changes {
            change.write(to: &commit)
            indexChanges.add(change, secret: secret)
        }
        indexChanges.write(to: &commit)
        return commit
    }

    /// Writes the work's own hash, with the record of the key.
    private func write(to commit: inout Commit) {
        guard let new else { return }
        let hash = Keys.work(new.work.id)
        if let old {
            commit.requireVersion(old.work.version, of: hash)
            commit.set(new.changes(since: old, texts: oldTexts, newTexts), of: hash)
            return
        }
        commit.requireAbsent(hash)
        commit.requireField(new.idField, of: Keys.ids(new.sequence), is: "")
        if let record { IdempotencyRecord.add(record.creation, under: record.key, to: &commit) }
        commit.set(new.fields(texts: newTexts).filter { $0.value != nil }, of: hash)
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
