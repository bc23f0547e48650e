import Bytes
import Works

extension Commit {
    /// Moves tasks from their old sorted sets to their new ones; nil is a task that is not there yet, or no longer.
    mutating func move(_ runs: [(old: RunRecord?, new: RunRecord?)]) {
        var left: [ExactText: [String]] = [:]
        var joined: [ExactText: [String]] = [:]
        for (old, new) in runs {
            guard let id = (new ?? old)?.run.id.text else { continue }
            let before = old.map { IndexSets.memberships(of: $0.run) } ?? []
            let after = new.map { IndexSets.memberships(of: $0.run) } ?? []
            for place in before where !after.contains(where: { $0.key.isExactly(place.key) }) {
                left[ExactText(place.key), default: []].append(id)
            }
            for place in after where !before.contains(place) {
                joined[ExactText(place.key), default: []] += [String(place.seconds), id]
            }
        }
        for (key, members) in left { take(members, outOfEach: [key.text]) }
        for (key, scoresAndMembers) in joined { add(scoresAndMembers, toEach: [key.text]) }
    }
}
