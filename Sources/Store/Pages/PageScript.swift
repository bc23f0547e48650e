import Redis
import Works

/// The commands of ``Pages`` and their bounds, whatever the items are.
enum PageScript {
    /// What a reply of `works_1_page` says before its items.
    struct Step {
        let total: Int
        let skipped: Int
        let last: Position?
        let hasMore: Bool
        let itemCount: Int

        /// How many elements come before the items.
        static let headCount = 5

        init?(_ reply: Reply) {
            guard reply.count >= Self.headCount, let total = reply[0].integer, let skipped = reply[1].integer else {
                return nil
            }
            self.total = total
            self.skipped = skipped
            last = reply[2].integer.flatMap { score in
                reply[3].string.map { Position(score: score, id: $0) }
            }
            hasMore = reply[4].integer == 1
            itemCount = reply.count - Self.headCount
        }
    }

    /// Asks for places in one set: the members and scores, by turns.
    static func places(in key: String, isDescending: Bool, from start: PageStart, count: Int) -> Command {
        switch start {
        case .rank(let rank):
            var command = Command.reading("ZRANGE", key)
            command.append(rank)
            command.append(rank + count - 1)
            if isDescending { command.append("REV") }
            command.append("WITHSCORES")
            return command
        case .after(let position): return places(in: key, isDescending: isDescending, after: position, count: count)
        }
    }

    private static func places(in key: String, isDescending: Bool, after last: Position, count: Int) -> Command {
        var command = Command.reading("FCALL_RO", Library.positions, "1", key, isDescending ? "desc" : "asc")
        command.append(last.score)
        command.append(last.id)
        command.append(count)
        return command
    }

    /// Asks `works_1_page` for items.
    static func page(
        of keys: [String],
        isDescending: Bool,
        place: PageStart,
        skipping: Int,
        count: Int,
        prefix: String,
        conditions: [SearchPlan.Condition],
        fields: Command.Words
    ) -> Command {
        var command = Command.reading("FCALL_RO", Library.page)
        command.append(keys.count)
        for key in keys { command.append(key) }
        command.append(isDescending ? "desc" : "asc")
        command.append(place)
        command.append(skipping)
        command.append(count)
        command.append(lookedAtPerCallMax)
        command.append(bytesPerCallMax)
        command.append(prefix)
        command.append(conditions)
        command.append(fields)
        return command
    }

    /// Asks for what is not there, to learn whether the library is.
    static let probe = places(
        in: Keys.schema + ":probe",
        isDescending: true,
        after: Position(score: 0, id: ""),
        count: 1
    )

    static let itemsPerCallMax = 100
    /// Few milliseconds, also where every item is compared with those of 31 other sets.
    static let lookedAtPerCallMax = 500
    private static let bytesPerCallMax = 1 << 20

    /// How many items are read at first by commands of their own: the usual page.
    static let itemsAtFirst = 10
    /// How many at once at the most: as large as clients can make them, they are no more than a page may have in all.
    static let itemsAtOnceMax = 32

    /// How many are read next, when so many have had so many bytes: about a mebibyte.
    static func itemsAtOnce(whenSoManyHad bytes: Int, _ count: Int) -> Int {
        min(itemsAtOnceMax, max(1, bytesPerCallMax * count / max(1, bytes)))
    }
}

extension Command {
    /// Appends a place in three words.
    mutating func append(_ place: PageStart) {
        switch place {
        case .rank(let rank):
            append("rank")
            append(rank)
            append("")
        case .after(let position):
            append("after")
            append(position.score)
            append(position.id)
        }
    }
}
