public import Works

/// Where a work or a task stands in the sorted sets.
///
/// Every subset of {user_id, status, run_frequency} has its own set in each family, so that a list with any filters in
/// any order is a read by rank in one set, and its total the size of that set.
public enum Indexes {
    /// One member's place: the set, and the score in it.
    public struct Place: Equatable, Sendable {
        public let key: String
        public let seconds: Int

        /// By bytes: the sets of é in its two Unicode forms are two sets.
        public static func == (left: Place, right: Place) -> Bool {
            left.seconds == right.seconds && left.key.isExactly(right.key)
        }
    }

    /// Every place of a work: up to 16 when it is live, up to 8 when it is in the trash.
    ///
    /// A work without run_frequency is in no set of a frequency: no filter asks for the absence of one.
    public static func places(of work: Work) -> [Place] {
        if let deletedAt = work.deletedAt { return places(of: work, in: .deleted, at: deletedAt) }
        return places(of: work, in: .created, at: work.createdAt) + places(of: work, in: .updated, at: work.updatedAt)
    }

    private static func places(of work: Work, in family: Keys.Family, at time: Timestamp) -> [Place] {
        var places: [Place] = []
        places.reserveCapacity(8)
        for subset in 0..<8 {
            let wantsFrequency = subset & 4 != 0
            if wantsFrequency && work.runFrequency == nil { continue }
            let key = Keys.index(
                family,
                userID: subset & 1 != 0 ? work.userID : nil,
                status: subset & 2 != 0 ? work.status : nil,
                frequency: wantsFrequency ? work.runFrequency : nil
            )
            places.append(Place(key: key, seconds: time.seconds))
        }
        return places
    }

    /// Both places of a task.
    public static func places(of run: Run) -> [Place] {
        [
            Place(key: Keys.runs(of: run.workID), seconds: run.startedAt.seconds),
            Place(key: Keys.runs(of: run.workID, status: run.status), seconds: run.startedAt.seconds),
        ]
    }

    /// The sets whose union a filter asks for: one unless it has comma lists.
    ///
    /// They have no member in common.
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
