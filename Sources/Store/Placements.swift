internal import Works

/// The places of many works together: one write for each set, whatever the number of its new members.
struct Placements {
    private var places: [ExactText: [String]] = [:]
    private var ids: [ExactText: [Field]] = [:]
    private var grams: [GramPosting] = []
    /// The other terms of which a work has a handful, with the numbers for them.
    private var terms: [TermSet: [Int]] = [:]

    private struct TermSet: Hashable {
        let term: Term
        let block: Int
    }

    /// A number in the set of a gram.
    ///
    /// They are sorted to bring those of a set together: a work has a hundred, most of which no other work in the batch
    /// has, and to look each up would cost more than all the rest.
    private struct GramPosting: Comparable {
        let gram: Gram
        let field: Term.TextField
        let number: Int

        var block: Int { number / Keys.blockSize }

        func isInSet(of other: Self) -> Bool {
            gram == other.gram && field == other.field && block == other.block
        }

        static func < (left: Self, right: Self) -> Bool {
            if left.gram != right.gram { return left.gram < right.gram }
            if left.field == right.field { return left.number < right.number }
            return left.field == .name
        }
    }

    mutating func add(_ record: WorkRecord, secret: SipKey) {
        for place in Indexes.places(of: record.work) {
            places[ExactText(place.key), default: []] += [String(place.seconds), record.work.id.text]
        }
        ids[ExactText(Keys.ids(record.sequence)), default: []].append(Field(record.idField, record.work.id.text))
        for term in Term.all(of: record.work, secret: secret) {
            if case .gram(let gram, let field) = term {
                grams.append(GramPosting(gram: gram, field: field, number: record.sequence))
            } else {
                let set = TermSet(term: term, block: record.sequence / Keys.blockSize)
                terms[set, default: []].append(record.sequence)
            }
        }
    }

    func write(to commit: inout Commit) {
        for (key, scoresAndMembers) in places { commit.add(scoresAndMembers, to: key.text) }
        for (key, fields) in ids { commit.set(fields, of: key.text) }
        // Sets that get the same numbers make one run of keys.
        var runs: [[Int]: [String]] = [:]
        for (set, numbers) in terms { runs[numbers, default: []].append(Keys.posting(set.term, block: set.block)) }
        let sorted = grams.sorted()
        var start = 0
        while start < sorted.count {
            let first = sorted[start]
            let end = sorted[start...].firstIndex { !$0.isInSet(of: first) } ?? sorted.count
            let key = Keys.posting(.gram(first.gram, first.field), block: first.block)
            runs[sorted[start..<end].map(\.number), default: []].append(key)
            start = end
        }
        for (numbers, keys) in runs {
            commit.post(.add, numbers: numbers.map { $0 % Keys.blockSize }, to: keys)
        }
    }
}
