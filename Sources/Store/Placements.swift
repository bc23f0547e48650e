internal import Works

/// The places of many works together: one write for each set, whatever the number of its new members.
struct Placements {
    private var places: [ExactText: [String]] = [:]
    private var ids: [ExactText: [Field]] = [:]
    /// By block and term, the low parts of numbers.
    private var postings: [Int: [Term: [Int]]] = [:]

    mutating func add(_ record: WorkRecord, secret: SipKey) {
        for place in Indexes.places(of: record.work) {
            places[ExactText(place.key), default: []] += [String(place.seconds), record.work.id.text]
        }
        ids[ExactText(Keys.ids(record.sequence)), default: []].append(Field(record.idField, record.work.id.text))
        let (block, low) = (record.sequence / Keys.blockSize, record.sequence % Keys.blockSize)
        for term in Term.all(of: record.work, secret: secret) {
            postings[block, default: [:]][term, default: []].append(low)
        }
    }

    func write(to commit: inout Commit) {
        for (key, scoresAndMembers) in places { commit.add(scoresAndMembers, to: key.text) }
        for (key, fields) in ids { commit.set(fields, of: key.text) }
        // Most terms are of one work in the batch alone: its sets make one run of keys.
        for (block, terms) in postings {
            for (numbers, postings) in Dictionary(grouping: terms, by: \.value) {
                commit.post(.add, numbers: numbers, to: postings.map { Keys.posting($0.key, block: block) })
            }
        }
    }
}
