import Redis
public import Works

/// How many works a store has.
///
/// Each number is exact; they are taken one after the other.
public struct WorkCounts: Sendable {
    /// How many works of each status are not in the trash.
    public let live: [(status: Status, count: Int)]
    public let inTrash: Int

    /// The commands whose replies ``init(_:)`` reads: they cost next to nothing, whatever the size of the store.
    ///
    /// Not marked as harmless to repeat, so that they do not wait for another connection.
    static let commands =
        (Status.all.map { Keys.index(.created, userID: nil, status: $0, frequency: nil) }
        + [Keys.index(.deleted, userID: nil, status: nil, frequency: nil)]).map { Command("ZCARD", $0) }

    /// Reads the replies to ``commands``; nil if they are not such.
    init?(_ replies: some Collection<Reply>) {
        let counts = replies.compactMap(\.integer)
        guard counts.count == Self.commands.count, let inTrash = counts.last else { return nil }
        live = zip(Status.all, counts).map { (status: $0, count: $1) }
        self.inTrash = inTrash
    }
}
