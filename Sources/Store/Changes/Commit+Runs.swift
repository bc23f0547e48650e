import Bytes
import Works

extension Commit {
    /// Moves tasks from their old sorted sets to their new ones.
    ///
    /// - Parameter runs: each task before and after; nil if it does not exist.
    mutating func move(_ runs: [(old: RunRecord?, new: RunRecord?)]) {
        var left: [ExactText: [String]] = [:]
        var joined: [ExactText: [String]] = [:]
        for (old, new) in runs {
            guard let id = (new ?? old)?.run.id.text else { continue }
            let before = old.map { IndexSets.memberships(of: $0.run) } ?? []
            let after = new.map { IndexSets.memberships(of: $0.run) } ?? []
            for set in before where !after.contains(where: { $0.key.isExactly(set.key) }) {
                left[ExactText(set.key), default: []].append(id)
            }
            for set in after where !before.contains(set) {
                joined[ExactText(set.key), default: []] += [String(set.seconds), id]
            }
        }
        for (key, members) in left { remove(members, fromEach: [key.text]) }
        for (key, scoresAndMembers) in joined { add(scoresAndMembers, toEach: [key.text]) }
    }
}
