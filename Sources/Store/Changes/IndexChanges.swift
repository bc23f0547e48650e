import Bytes
import Secrets
import Works

/// What changes of works mean for the sorted sets, the posting sets and the hashes of ids: one write for each set,
/// whatever the number of works.
struct IndexChanges {
    /// The works as they are to be, or those that go as they were.
    private var works: [Work] = []
    private var joined: [ExactText: Members] = [:]
    private var left: [ExactText: Members] = [:]
    private var ids: [ExactText: [Field]] = [:]
    private var grams: [GramPosting] = []
    /// The other terms, of which a work has a handful, with the numbers for them.
    private var terms: [TermSet: [Int]] = [:]

    /// Adds what a change of a work means; nil is a work that is not there yet, or no longer.
    mutating func move(_ old: WorkRecord?, to new: WorkRecord?, secret: SecretKey) {
        guard let record = new ?? old else { return }
        let index = works.count
        works.append(record.work)
        IndexSets.change(from: old?.work, to: new?.work) { change, family, key in
            switch change {
            case .join: joined[ExactText(key), default: Members(family: family)].works.append(index)
            case .leave: left[ExactText(key), default: Members(family: family)].works.append(index)
            }
        }
        if old == nil || new == nil {
            let field = Field(record.idField, new?.work.id.text)
            ids[ExactText(Keys.ids(record.sequence)), default: []].append(field)
        }
        let terms = Term.change(from: old?.work, to: new?.work, secret: secret)
        for term in terms.lost { post(.remove, term, number: record.sequence) }
        for term in terms.gained { post(.add, term, number: record.sequence) }
    }

    private mutating func post(_ change: Commit.PostingChange, _ term: Term, number: Int) {
        if case .gram(let gram, let field) = term {
            grams.append(GramPosting(change: change, gram: gram, field: field, number: number))
        } else {
            terms[TermSet(change: change, term: term, block: number / Keys.blockSize), default: []].append(number)
        }
    }

    func write(to commit: inout Commit) {
        for (members, keys) in Self.runs(left) {
            commit.remove(members.works.map { works[$0].id.text }, fromEach: keys)
        }
        for (members, keys) in Self.runs(joined) {
            commit.add(members.works.flatMap { Self.place(of: works[$0], in: members.family) }, toEach: keys)
        }
        for (key, fields) in ids { commit.set(fields, of: key.text) }
        for (posted, keys) in postings() {
            commit.post(posted.change, posted.numbers.map { String($0 % Keys.blockSize) }, inEach: keys)
        }
    }

    // MARK: Sorted sets

    /// The score and the member of a work.
    private static func place(of work: Work, in family: Keys.Family) -> [String] {
        guard let time = IndexSets.time(of: work, in: family) else { return [] }
        return [String(time.seconds), work.id.text]
    }

    /// Works, by their indexes, that join sets of a family, or leave them.
    private struct Members: Hashable {
        let family: Keys.Family
        var works: [Int] = []
    }

    /// Sets with the same members make one run of keys.
    private static func runs(_ sets: [ExactText: Members]) -> [Members: [String]] {
        var runs: [Members: [String]] = [:]
        for (key, members) in sets { runs[members, default: []].append(key.text) }
        return runs
    }

    // MARK: Posting sets

    private struct TermSet: Hashable {
        let change: Commit.PostingChange
        let term: Term
        let block: Int
    }

    /// Numbers that are added to posting sets, or taken out of them.
    private struct Posted: Hashable {
        let change: Commit.PostingChange
        let numbers: [Int]
    }

    /// A number in the set of a gram.
    ///
    /// They are sorted to bring those of a set together: a work has a hundred, most of which no other work in the batch
    /// has, and to look each up would cost more than all the rest.
    private struct GramPosting: Comparable {
        let change: Commit.PostingChange
        let gram: Gram
        let field: Term.TextField
        let number: Int

        var block: Int { number / Keys.blockSize }

        func isInSet(of other: Self) -> Bool {
            gram == other.gram && field == other.field && change == other.change && block == other.block
        }

        static func < (left: Self, right: Self) -> Bool {
            if left.gram != right.gram { return left.gram < right.gram }
            if left.field != right.field { return left.field == .name }
            if left.change != right.change { return left.change == .add }
            return left.number < right.number
        }
    }

    /// Sets with the same numbers make one run of keys.
    private func postings() -> [Posted: [String]] {
        var runs: [Posted: [String]] = [:]
        for (set, numbers) in terms {
            runs[Posted(change: set.change, numbers: numbers), default: []]
                .append(Keys.posting(set.term, block: set.block))
        }
        // Those of one work are of as many sets.
        let sorted = works.count > 1 ? grams.sorted() : grams
        var start = 0
        while start < sorted.count {
            let first = sorted[start]
            let end = sorted[start...].firstIndex { !$0.isInSet(of: first) } ?? sorted.count
            runs[Posted(change: first.change, numbers: sorted[start..<end].map(\.number)), default: []]
                .append(Keys.posting(.gram(first.gram, first.field), block: first.block))
            start = end
        }
        return runs
    }
}
