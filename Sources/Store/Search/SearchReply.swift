import Redis

/// A reply of `search`.
struct SearchReply {
    /// How many matches this step has counted.
    let counted: Int
    /// The lowest block whose matches are now counted; nil if none is.
    let countedTo: Int?
    let skipped: Int
    /// The number below which the next step continues; nil if nothing is left to do.
    let below: Int?
    /// Whether a match follows the last item.
    let hasMore: Bool
    private let reply: Reply

    /// How many elements precede the items.
    private static let headCount = 5

    /// Reads a reply; nil if it has an unknown form.
    init?(_ reply: Reply) {
        guard reply.count >= Self.headCount, let counted = reply[0].integer, let skipped = reply[2].integer else {
            return nil
        }
        self.counted = counted
        countedTo = reply[1].integer
        self.skipped = skipped
        below = reply[3].integer
        hasMore = !reply[4].isNull
        self.reply = reply
    }

    /// The items, each as the values of its fields, then its id and its number.
    var items: some Sequence<Reply> {
        (Self.headCount..<reply.count).lazy.map { reply[$0] }
    }

    var itemCount: Int {
        reply.count - Self.headCount
    }
}
