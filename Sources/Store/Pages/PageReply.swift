import Redis
import Works

/// A reply of `page`.
struct PageReply {
    /// How many members the sets have in total.
    let total: Int
    let skipped: Int
    /// The position of the last item examined, even if it did not meet the conditions; nil if none was.
    let last: Position?
    let hasMore: Bool
    private let reply: Reply

    /// How many elements precede the items.
    private static let headCount = 5

    /// Reads a reply; nil if it has an unknown form.
    init?(_ reply: Reply) {
        guard reply.count >= Self.headCount, let total = reply[0].integer, let skipped = reply[1].integer else {
            return nil
        }
        self.total = total
        self.skipped = skipped
        last = reply[2].integer.flatMap { score in
            reply[3].string.map { Position(score: score, id: $0) }
        }
        hasMore = !reply[4].isNull
        self.reply = reply
    }

    /// The items, each as the values of its fields, then its id.
    var items: some Sequence<Reply> {
        (Self.headCount..<reply.count).lazy.map { reply[$0] }
    }

    var itemCount: Int {
        reply.count - Self.headCount
    }
}
