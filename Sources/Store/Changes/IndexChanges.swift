import Bytes
import Secrets
import Works

/// What changes of works require in the sorted sets, the posting sets and the hashes of ids: one write per set, however
/// many works change.
struct IndexChanges {
    /// The works after their changes; removed ones as they were before.
    private var works: [Work] = []
    private var joined: [ExactText: Members] = [:]
    private var left: [ExactText: Members] = [:]
    private var ids: [ExactText: [Field]] = [:]
    private var grams: [GramPosting] = []
    /// The numbers for all other terms, of which a work has a handful.
    private var terms: [TermSet: [Int]] = [:]

    /// Adds what a change of a work requires.
    mutating func add(_ change: WorkChange, secret: SecretKey) {
        let (old, new) = (change.old, change.new)
        guard let record = new ?? old else { return }
        let index = works.count
        works.append(record.work)
        IndexSets.change(from: old?.work, to: new?.work) { move, family, key in
            switch move {
            case .join: joined[ExactText(key), default: Members(family: family)].works.append(index)
            case .leave: left[ExactText(key), default: Members(family: family)].works.append(index)
            }
        }
        if old == nil || new == nil {
            let field = Field(record.idField, new?.work.id.text)
            ids[ExactText(Keys.ids(record.sequence)), default: []].append(field)
        }
        let terms = Term.change(by: change, secret: secret)
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
            commit.add(members.works.flatMap { Self.scoreAndMember(of: works[$0], in: members.family) }, toEach: keys)
        }
        for (key, fields) in ids { commit.set(fields, of: key.text) }
        for (posted, keys) in postings() {
            commit.post(posted.change, posted.numbers.map { String($0 % Keys.blockSize) }, inEach: keys)
        }
    }

    // MARK: Sorted sets

    /// The score and the member of a work.
    private static func scoreAndMember(of work: Work, in family: Keys.Family) -> [String] {
        guard let time = IndexSets.time(of: work, in: family) else { return [] }
        return [String(time.seconds), work.id.text]
    }

    /// Works, by their indexes in ``works``, that join or leave sets of a family.
    private struct Members: Hashable {
        let family: Keys.Family
        var works: [Int] = []
    }

    /// Groups the sets that get the same members: one step of a commit serves all their keys.
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

    /// Numbers that are added to posting sets, or removed from them.
    private struct Posted: Hashable {
        let change: Commit.PostingChange
        let numbers: [Int]
    }

    /// A number in the set of a gram.
    ///
    /// These are sorted to group those of one set. A work has about a hundred grams, and most are in no other work of
    /// the batch, so looking each up in a dictionary would cost more than all the rest.
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

    /// Groups the posting sets that get the same numbers.
    private func postings() -> [Posted: [String]] {
        var runs: [Posted: [String]] = [:]
        for (set, numbers) in terms {
            runs[Posted(change: set.change, numbers: numbers), default: []]
                .append(Keys.posting(set.term, block: set.block))
        }
        // The grams of a single work all belong to different sets.
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
