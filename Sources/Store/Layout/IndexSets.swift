import Bytes
import Works

/// The sorted sets that a work or a task is a member of.
///
/// Every subset of {user_id, status, run_frequency} has its own set in each family. So a list with any filters in any
/// order is read by rank from one set, and its total is the size of that set.
enum IndexSets {
    /// One set, and the member's score in it.
    struct Membership: Equatable, Sendable {
        let key: String
        let seconds: Int

        /// By bytes: the sets of é in its two Unicode forms are two sets.
        static func == (left: Membership, right: Membership) -> Bool {
            left.seconds == right.seconds && left.key.isExactly(right.key)
        }
    }

    /// Every set of a work: up to 16 when it is live, up to 8 when it is in the trash.
    static func memberships(of work: Work) -> [Membership] {
        var memberships: [Membership] = []
        memberships.reserveCapacity(16)
        change(from: nil, to: work) { _, family, key in
            memberships.append(Membership(key: key, seconds: time(of: work, in: family)?.seconds ?? 0))
        }
        return memberships
    }

    enum Change {
        /// The work enters the set, or gets another score in it.
        case join
        case leave
    }

    /// Calls `tell` with each set that a changed work joins or leaves; nil is a work that does not exist.
    ///
    /// A work without run_frequency is in no set for a frequency: no filter asks for works without one.
    static func change(
        from old: Work?,
        to new: Work?,
        _ tell: (_ change: Change, _ family: Keys.Family, _ key: String) -> Void
    ) {
        for family in Keys.Family.allCases {
            let before = old.flatMap { time(of: $0, in: family) }
            let after = new.flatMap { time(of: $0, in: family) }
            if before == nil && after == nil { continue }
            for subset in Subset.all {
                let had = before != nil ? old.flatMap(subset.attributes) : nil
                let has = after != nil ? new.flatMap(subset.attributes) : nil
                if let had, had != has { tell(.leave, family, had.key(in: family)) }
                if let has, had != has || before != after { tell(.join, family, has.key(in: family)) }
            }
        }
    }

    /// The time by which a family orders a work; nil if the work is not in it.
    static func time(of work: Work, in family: Keys.Family) -> Timestamp? {
        time(in: family, created: work.createdAt, updated: work.updatedAt, deleted: work.deletedAt)
    }

    /// The same, from the times of a work alone.
    static func time(
        in family: Keys.Family,
        created: Timestamp,
        updated: Timestamp,
        deleted: Timestamp?
    ) -> Timestamp? {
        switch family {
        case .created: deleted == nil ? created : nil
        case .updated: deleted == nil ? updated : nil
        case .deleted: deleted
        }
    }

    /// Which of the three attributes a set is for.
    private struct Subset {
        let hasUser: Bool
        let hasStatus: Bool
        let hasFrequency: Bool

        static let all = (0..<8).map { Self(hasUser: $0 & 1 != 0, hasStatus: $0 & 2 != 0, hasFrequency: $0 & 4 != 0) }

        /// Their values in a work; nil if the work lacks one.
        func attributes(of work: Work) -> Attributes? {
            if hasFrequency && work.runFrequency == nil { return nil }
            return Attributes(
                userID: hasUser ? work.userID : nil,
                status: hasStatus ? work.status : nil,
                frequency: hasFrequency ? work.runFrequency : nil
            )
        }
    }

    private struct Attributes: Equatable {
        let userID: String?
        let status: Status?
        let frequency: RunFrequency?

        func key(in family: Keys.Family) -> String {
            Keys.index(family, userID: userID, status: status, frequency: frequency)
        }

        /// By bytes: the sets of é in its two Unicode forms are two sets.
        static func == (left: Self, right: Self) -> Bool {
            left.userID.isExactly(right.userID) && left.status == right.status && left.frequency == right.frequency
        }
    }

    /// Both sets of a task.
    static func memberships(of run: Run) -> [Membership] {
        [
            Membership(key: Keys.runs(of: run.workID), seconds: run.startedAt.seconds),
            Membership(key: Keys.runs(of: run.workID, status: run.status), seconds: run.startedAt.seconds),
        ]
    }

    /// The sets whose union a filter asks for: one, unless it has comma-separated lists.
    ///
    /// They are disjoint.
    static func keys(for filter: Filter, in family: Keys.Family) -> [String] {
        let statuses: [Status?] = filter.statuses.isEmpty ? [nil] : filter.statuses
        let frequencies: [RunFrequency?] = filter.frequencies.isEmpty ? [nil] : filter.frequencies
        return statuses.flatMap { status in
            frequencies.map { frequency in
                Keys.index(family, userID: filter.userID, status: status, frequency: frequency)
            }
        }
    }
}
