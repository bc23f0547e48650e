import Bytes
import Redis
import Secrets
import Works

/// A member of a set that may belong to no hash.
struct Stray {
    private enum Kind {
        /// A member of a sorted set of works, or of the tasks of `work`.
        case entry(member: String, work: WorkID?)
        /// A member of the set of works being purged.
        case purge(member: String)
        /// A member of a posting set: the low part of a work's number.
        case posting(member: String, term: String)
        /// A field of a hash of ids: the low part of a work's number.
        case id(field: String)
    }

    let key: String
    private let kind: Kind
    /// The number of a work that the member represents; nil if it is not a valid number.
    private let number: Int?
    /// The id of the work or task that the member would belong to; empty if there is none.
    var hashID = ""
    /// The value of ``stateField`` in that work's or task's hash when it was read; empty if it does not exist.
    private var state = ""

    private init(_ key: String, _ kind: Kind, number: Int? = nil) {
        self.key = key
        self.kind = kind
        self.number = number
    }

    static func entry(_ key: String, _ member: String, of work: WorkID?) -> Stray {
        var stray = Stray(key, .entry(member: member, work: work))
        stray.hashID = member
        return stray
    }

    static func purge(_ key: String, _ member: String) -> Stray {
        var stray = Stray(key, .purge(member: member))
        stray.hashID = member
        return stray
    }

    static func posting(_ key: String, _ member: String, term: String, block: Int) -> Stray {
        let number = low(member, below: Keys.blockSize).map { block * Keys.blockSize + $0 }
        return Stray(key, .posting(member: member, term: term), number: number)
    }

    static func id(_ key: String, _ field: String, first: Int) -> Stray {
        Stray(key, .id(field: field), number: low(field, below: Keys.idsPerHash).map { first + $0 })
    }

    /// The low part of a number, if it is in its canonical form: `+7` and `07` are strays, not the number 7.
    private static func low(_ text: String, below bound: Int) -> Int? {
        Int(text).flatMap { (0..<bound).contains($0) && String($0).isExactly(text) ? $0 : nil }
    }

    // MARK: Reading

    /// Whether the member is a number, so that ``hashID`` must be looked up.
    var isNumbered: Bool {
        switch kind {
        case .entry, .purge: false
        case .posting, .id: true
        }
    }

    /// Reads the id of the work with the member's number.
    var readID: Command {
        let number = number ?? 0
        return .reading("HGET", Keys.ids(number), String(number % Keys.idsPerHash))
    }

    /// Reads the hash that the member would belong to.
    var readHash: Command {
        .reading(hashFields, of: hash)
    }

    /// Reads the member itself, which may have been removed by now.
    var readEntry: Command {
        switch kind {
        case .entry(let member, _), .purge(let member): .reading("ZSCORE", key, member)
        case .posting(let member, _): .reading("SMISMEMBER", key, member)
        case .id(let field): .reading("HGET", key, field)
        }
    }

    private var hash: String {
        if case .entry(_, let work?) = kind { Keys.runPrefix(work) + hashID } else { Keys.workPrefix + hashID }
    }

    private var hashFields: HashFields {
        switch kind {
        case .entry(_, _?): RunRecord.hashFields
        case .purge: WorkColumns.hashFieldsOrTombstone
        case .entry(_, nil), .posting, .id: WorkColumns.hashFields
        }
    }

    // MARK: Judging

    /// Whether the member belongs to its hash, or no longer exists, by the replies to ``readHash`` and ``readEntry``.
    func belongs(values: Reply, entry: Reply, secret: SecretKey) -> Bool {
        switch kind {
        case .entry(_, let work):
            guard let score = entry.integer else { return true }
            return memberships(in: work, values).contains(IndexSets.Membership(key: key, seconds: score))
        case .purge:
            guard let score = entry.integer else { return true }
            return Tombstone(values: values)?.purgedAt.seconds == score
        case .posting(_, let term):
            guard entry[0].integer == 1 else { return true }
            guard let record = workRecord(values), record.sequence == number else { return false }
            return Term.all(of: record.work, secret: secret).contains { $0.text.isExactly(term) }
        case .id:
            if entry.isNull { return true }
            return number != nil && workRecord(values)?.sequence == number
        }
    }

    private func memberships(in work: WorkID?, _ values: Reply) -> [IndexSets.Membership] {
        if let work {
            let record = RunID(hashID).flatMap { RunRecord(id: $0, of: work, values: values) }
            return record.map { IndexSets.memberships(of: $0.run) } ?? []
        }
        return workRecord(values).map { IndexSets.memberships(of: $0.work) } ?? []
    }

    private func workRecord(_ values: Reply) -> WorkRecord? {
        WorkID(hashID).flatMap { WorkRecord(id: $0, values: values) }
    }

    /// The field of the hash that changes whenever the member may begin to belong to it.
    private var stateField: String {
        if case .purge = kind { "purged_at" } else { "version" }
    }

    /// The same member, with the state of its hash as it was read.
    func asRead(_ values: Reply) -> Stray {
        var read = self
        read.state = hashFields.names.firstIndex(of: stateField).flatMap { values[$0].string } ?? ""
        return read
    }

    // MARK: Reporting and removing

    /// What is wrong, for the operator.
    var sentence: String {
        switch kind {
        case .entry(let member, _), .purge(let member): "\(key): unexpected entry \(member), or wrong score"
        case .posting(let member, _): "\(key): unexpected entry \(member)"
        case .id(let field): "\(key): \(field) is not the number of any work"
        }
    }

    /// Removes the member, provided that everything it could belong to is still as it was read.
    var removal: Commit {
        var commit = Commit(onlyFrees: true)
        // A member that should be a number but is not cannot belong to anything, whatever changes.
        if !isNumbered || number != nil {
            if !hashID.isEmpty { commit.requireField(stateField, of: hash, is: state) }
            requireID(in: &commit)
        }
        remove(in: &commit)
        return commit
    }

    /// Requires that the member's number still belongs to the same work.
    private func requireID(in commit: inout Commit) {
        guard isNumbered, let number else { return }
        commit.requireField(String(number % Keys.idsPerHash), of: Keys.ids(number), is: hashID)
    }

    private func remove(in commit: inout Commit) {
        switch kind {
        case .entry(let member, _), .purge(let member): commit.remove([member], fromEach: [key])
        case .posting(let member, _): commit.post(.remove, [member], inEach: [key])
        case .id(let field): commit.set([Field(field, nil)], of: key)
        }
    }
}
