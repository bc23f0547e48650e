import Bytes
import Redis
import Secrets
import Works

/// From the sets back to the hashes: whatever is in a set and belongs to no hash.
extension Verification {
    /// Compares the sizes of sets with what the hashes have added up to, and looks into those that differ.
    func inspectSizes(_ keys: [String]) async throws(RedisError) {
        let sized = keys.compactMap { key in Self.sizeCommand(key).map { (key: key, command: $0) } }
        let sizes = try await client.send(sized.map(\.command))
        for ((key, _), size) in zip(sized, sizes) where size.integer != expectedCount(key) {
            try await inspectMembers(of: key)
        }
    }

    private static func sizeCommand(_ key: String) -> Command? {
        switch Key(key) {
        case .workSet, .runSet: .reading("ZCARD", key)
        case .posting: .reading("SCARD", key)
        case .ids: .reading("HLEN", key)
        case .work, .run, .other, .unknown: nil
        }
    }

    private func inspectMembers(of key: String) async throws(RedisError) {
        switch Key(key) {
        case .workSet:
            try await forEachMember(of: key, by: "ZSCAN", width: 2) { member in Stray.entry(key, member, of: nil) }
        case .runSet(let work):
            try await forEachMember(of: key, by: "ZSCAN", width: 2) { member in Stray.entry(key, member, of: work) }
        case .posting(let term, let block):
            try await forEachMember(of: key, by: "SSCAN", width: 1) { member in
                Stray.posting(key, term: term, block: block, member: member)
            }
        case .ids(let first):
            try await forEachMember(of: key, by: "HSCAN", width: 2) { field in
                Stray.id(key, field: field, first: first)
            }
        case .work, .run, .other, .unknown: break
        }
    }

    private func forEachMember(
        of key: String,
        by scan: String,
        width: Int,
        _ stray: (String) -> Stray
    ) async throws(RedisError) {
        var cursor = "0"
        repeat {
            let reply = try await client.send(
                Command.reading(scan, key, cursor, "COUNT", String(Self.membersPerStep))
            )
            cursor = reply[0].string ?? "0"
            var open = stride(from: 0, to: reply[1].count, by: width).compactMap { reply[1][$0].string.map(stray) }
            for look in 0..<Self.looksMax where !open.isEmpty {
                if look > 0 { await Self.pause(before: look) }
                var still: [Stray] = []
                for some in open.chunks(of: Self.membersPerStep) { still += try await strays(among: some) }
                open = still
            }
            for stray in open { try await mendOrReport(stray) }
        } while cursor != "0"
    }

    private func mendOrReport(_ stray: Stray) async throws(RedisError) {
        guard mends else { return report(stray.sentence) }
        let commit = stray.removal
        if commit.outcome(try await client.send(commit.command)) == .done {
            mendedCount += 1
        } else {
            report(stray.sentence)
        }
    }

    /// Those of the members that belong to nothing; all are read together.
    private func strays(among members: some Sequence<Stray>) async throws(RedisError) -> [Stray] {
        let members = try await resolved(Array(members))
        let replies = try await client.send(members.flatMap { [$0.readHash, $0.readEntry] })
        return members.enumerated().compactMap { index, member in
            let (values, entry) = (replies[2 * index], replies[2 * index + 1])
            return member.belongs(values: values, entry: entry, secret: secret) ? nil : member.asRead(values)
        }
    }

    /// Finds out whose a number is, where that is all there is.
    private func resolved(_ members: [Stray]) async throws(RedisError) -> [Stray] {
        let replies = try await client.send(
            members.map { Command.reading("HGET", Keys.ids($0.number), String($0.number % Keys.idsPerHash)) }
        )
        return zip(members, replies).map { member, reply in
            var member = member
            if member.isNumbered { member.hashID = reply.string ?? "" }
            return member
        }
    }

    private static let membersPerStep = 200
}

/// A member of a set, until it is found to belong to somebody.
private struct Stray {
    enum Kind {
        /// A member of a sorted set of works, or of the tasks of a work.
        case entry(member: String, work: WorkID?)
        case posting(term: String, member: String)
        case id(field: String)
    }

    let key: String
    let kind: Kind
    /// Which number the member stands for; nil if it is none of those that can be there.
    private var place: Int?
    /// The id in the key of the hash that it belongs to, if to any; empty when there is none.
    var hashID = ""
    /// The version of that hash when it was read; empty if there is none.
    private var version = ""

    private init(_ key: String, _ kind: Kind) {
        self.key = key
        self.kind = kind
    }

    static func entry(_ key: String, _ member: String, of work: WorkID?) -> Stray {
        var stray = Stray(key, .entry(member: member, work: work))
        stray.hashID = member
        return stray
    }

    static func posting(_ key: String, term: String, block: Int, member: String) -> Stray {
        var stray = Stray(key, .posting(term: term, member: member))
        stray.place = low(member, below: Keys.blockSize).map { block * Keys.blockSize + $0 }
        return stray
    }

    static func id(_ key: String, field: String, first: Int) -> Stray {
        var stray = Stray(key, .id(field: field))
        stray.place = low(field, below: Keys.idsPerHash).map { first + $0 }
        return stray
    }

    /// The low part of a number, if it is written as we write it: another would pass for one that belongs there.
    private static func low(_ text: String, below bound: Int) -> Int? {
        Int(text).flatMap { (0..<bound).contains($0) && String($0).isExactly(text) ? $0 : nil }
    }

    var isNumbered: Bool {
        if case .entry = kind { false } else { true }
    }

    var number: Int {
        place ?? 0
    }

    private var hash: String {
        if case .entry(_, let work?) = kind { Keys.runPrefix(work) + hashID } else { Keys.workPrefix + hashID }
    }

    private var hashFields: HashFields {
        if case .entry(_, _?) = kind { RunRecord.hashFields } else { WorkRecord.hashFields }
    }

    var readHash: Command {
        .reading(hashFields, of: hash)
    }

    /// Reads the member itself: it may be gone by now.
    var readEntry: Command {
        switch kind {
        case .entry(let member, _): .reading("ZSCORE", key, member)
        case .posting(_, let member): .reading("SMISMEMBER", key, member)
        case .id(let field): .reading("HGET", key, field)
        }
    }

    func belongs(values: Reply, entry: Reply, secret: SecretKey) -> Bool {
        switch kind {
        case .entry(_, let work):
            guard let score = entry.integer else { return true }
            let places =
                work.map { runPlaces(of: $0, values) } ?? workRecord(values).map { IndexSets.places(of: $0.work) }
            return places?.contains(IndexSets.Membership(key: key, seconds: score)) == true
        case .posting(let term, _):
            guard entry[0].integer == 1 else { return true }
            guard let record = workRecord(values), record.sequence == place else { return false }
            return Term.all(of: record.work, secret: secret).contains { $0.text.isExactly(term) }
        case .id:
            if entry.isNull { return true }
            return place != nil && workRecord(values)?.sequence == place
        }
    }

    func asRead(_ values: Reply) -> Stray {
        var read = self
        read.version = hashFields.names.firstIndex(of: "version").flatMap { values[$0].string } ?? ""
        return read
    }

    private func workRecord(_ values: Reply) -> WorkRecord? {
        WorkID(hashID).flatMap { WorkRecord(id: $0, values: values) }
    }

    private func runPlaces(of work: WorkID, _ values: Reply) -> [IndexSets.Membership]? {
        RunID(hashID).flatMap { RunRecord(id: $0, of: work, values: values) }.map { IndexSets.places(of: $0.run) }
    }

    var sentence: String {
        switch kind {
        case .entry(let member, _): "\(key): \(member) does not belong there, or not at its place"
        case .posting(_, let member): "\(key): \(member) does not belong there"
        case .id(let field): "\(key): \(field) is the number of no work"
        }
    }

    /// Takes it out, if everything that it could belong to is still as it was read.
    var removal: Commit {
        var commit = Commit(onlyFrees: true)
        if isNumbered && place == nil {
            // It belongs to nobody, whatever happens.
            switch kind {
            case .posting(_, let member): commit.post(.remove, [member], inEach: [key])
            case .id(let field): commit.set([Field(field, nil)], of: key)
            case .entry: break
            }
            return commit
        }
        if !hashID.isEmpty { commit.requireField("version", of: hash, is: version) }
        switch kind {
        case .entry(let member, _):
            commit.remove([member], fromEach: [key])
        case .posting:
            commit.requireField(String(number % Keys.idsPerHash), of: Keys.ids(number), is: hashID)
            commit.post(.remove, [String(number % Keys.blockSize)], inEach: [key])
        case .id(let field):
            commit.requireField(field, of: key, is: hashID)
            commit.set([Field(field, nil)], of: key)
        }
        return commit
    }
}

extension Array {
    fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
