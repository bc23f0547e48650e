internal import Redis
internal import Works

/// The commands of ``Pages`` and their bounds, whatever the items are.
enum PageReading {
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

    static func command(
        _ keys: [String],
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

    /// Asks for nothing, to learn whether the library is there.
    static let probe = command(
        [Keys.schema + ":probe"],
        isDescending: true,
        place: .rank(0),
        skipping: 0,
        count: 0,
        prefix: "",
        conditions: [],
        fields: Command.Words([])
    )

    static let itemsPerCallMax = 100
    /// Few milliseconds, also where every item is compared with those of 31 other sets.
    static let lookedAtPerCallMax = 500
    private static let bytesPerCallMax = 1 << 20

    /// How many items are read at first by commands of their own: the usual page.
    static let itemsAtFirst = 10

    /// How many are read next, when so many have had so many bytes: about a mebibyte.
    static func itemsAtOnce(whenSoManyHad bytes: Int, _ count: Int) -> Int {
        min(100, max(1, bytesPerCallMax * count / max(1, bytes)))
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
