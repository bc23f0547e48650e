import Redis
import Works

/// The commands and bounds of ``PageReader``, whatever the items are.
enum PageScript {
    /// Asks for positions in one set: the members and scores, alternating.
    static func positions(in key: String, isDescending: Bool, from start: PageStart, count: Int) -> Command {
        switch start {
        case .rank(let rank):
            var command = Command.reading("ZRANGE", key)
            command.append(rank)
            command.append(rank + count - 1)
            if isDescending { command.append("REV") }
            command.append("WITHSCORES")
            return command
        case .after(let position): return positions(in: key, isDescending: isDescending, after: position, count: count)
        }
    }

    private static func positions(in key: String, isDescending: Bool, after last: Position, count: Int) -> Command {
        var query = MessagePack(reserving: 128)
        query.set("descending", to: isDescending)
        query.set("after_score", to: last.score)
        query.set("after_member", to: last.id)
        query.set("limit", to: count)
        return Library.call(Library.positions, [key], query, isRead: true)
    }

    static let itemsPerCallMax = 100
    /// What one call may do, in units of about two microseconds: a few milliseconds.
    static let effortPerCall = 1500
    /// What it costs at least to examine an item, even if it is compared with those of 31 other sets.
    static let effortPerItem = 4
    static let bytesPerCallMax = 1 << 20

    /// How many items to read first: the usual page.
    static let itemsAtFirst = 10
    /// Most items read at once; even at their largest, they fit ``PageBudget``.
    static let itemsAtOnceMax = 32

    /// How many items to read next so that a batch stays near 1 MiB, judged by the average size so far.
    static func nextBatchSize(afterReading count: Int, bytes: Int) -> Int {
        min(itemsAtOnceMax, max(1, bytesPerCallMax * count / max(1, bytes)))
    }
}
