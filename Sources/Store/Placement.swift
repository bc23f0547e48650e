internal import Works

/// What a record has outside of its own hash.
extension Commit {
    /// Puts a work into its sorted sets and posting sets, and its id to its number.
    mutating func place(_ record: WorkRecord, secret: SipKey) {
        move(record.work.id.text, from: [], to: Indexes.places(of: record.work))
        set([Field(record.idField, record.work.id.text)], of: Keys.ids(record.sequence))
        post(.add, number: record.sequence, to: Term.all(of: record.work, secret: secret))
    }

    /// Takes a work out of them all.
    mutating func displace(_ record: WorkRecord, secret: SipKey) {
        move(record.work.id.text, from: Indexes.places(of: record.work), to: [])
        set([Field(record.idField, nil)], of: Keys.ids(record.sequence))
        post(.remove, number: record.sequence, to: Term.all(of: record.work, secret: secret))
    }

    /// Puts a task into its sorted sets.
    mutating func place(_ record: RunRecord) {
        move(record.run.id.text, from: [], to: Indexes.places(of: record.run))
    }

    /// Takes a task out of them.
    mutating func displace(_ record: RunRecord) {
        move(record.run.id.text, from: Indexes.places(of: record.run), to: [])
    }
}
