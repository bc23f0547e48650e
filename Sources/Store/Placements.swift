internal import Works

/// The places of many works together: one write for each set, whatever the number of its new members.
struct Placements {
    private var places: [ExactText: [String]] = [:]
    private var ids: [ExactText: [Field]] = [:]
    private var postings: [ExactText: [Int]] = [:]

    mutating func add(_ record: WorkRecord, secret: SipKey) {
        for place in Indexes.places(of: record.work) {
            places[ExactText(place.key), default: []] += [String(place.seconds), record.work.id.text]
        }
        ids[ExactText(Keys.ids(record.sequence)), default: []].append(Field(record.idField, record.work.id.text))
        let (block, low) = (record.sequence / Keys.blockSize, record.sequence % Keys.blockSize)
        for term in Terms.all(of: record.work, secret: secret) {
            postings[ExactText(Keys.posting(term, block: block)), default: []].append(low)
        }
    }

    func write(to commit: inout Commit) {
        for (key, scoresAndMembers) in places { commit.add(scoresAndMembers, to: key.text) }
        for (key, fields) in ids { commit.set(fields, of: key.text) }
        // Most terms are of one work in the batch alone: its sets make one run of keys.
        for (numbers, keys) in Dictionary(grouping: postings, by: \.value) {
            commit.post(.add, numbers: numbers, to: keys.map(\.key.text))
        }
    }
}
