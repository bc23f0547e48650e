internal import Works

extension Commit {
    /// Moves a task from its old sorted sets to its new ones; nil is a task that is not there yet, or no longer.
    mutating func move(_ old: RunRecord?, to new: RunRecord?) {
        guard let run = (new ?? old)?.run else { return }
        let before = old.map { Indexes.places(of: $0.run) } ?? []
        let after = new.map { Indexes.places(of: $0.run) } ?? []
        for place in before where !after.contains(where: { $0.key.isExactly(place.key) }) {
            take([run.id.text], outOfEach: [place.key])
        }
        for place in after where !before.contains(place) {
            add([String(place.seconds), run.id.text], toEach: [place.key])
        }
    }
}
