import Redis
import Works

/// What `page` is asked for: items of the union of sorted sets.
struct PageQuery {
    let keys: [String]
    let isDescending: Bool
    /// What the keys of the items' hashes start with; their ids follow.
    let itemPrefix: String
    let fields: MessagePack
    let conditions: [SearchPlan.Condition]
    /// The position to start after; nil for the beginning.
    private(set) var after: Position?
    /// How many items must still be skipped.
    private(set) var skip = 0
    /// How many items are still wanted.
    private(set) var limit: Int

    init(
        _ keys: [String],
        isDescending: Bool,
        from start: PageStart,
        limit: Int,
        itemPrefix: String,
        fields: MessagePack,
        conditions: [SearchPlan.Condition]
    ) {
        self.keys = keys
        self.isDescending = isDescending
        self.itemPrefix = itemPrefix
        self.fields = fields
        self.conditions = conditions
        self.limit = limit
        switch start {
        case .rank(let rank): skip = rank
        case .after(let position): after = position
        }
    }

    /// Advances to what is left to do after a reply.
    mutating func advance(past reply: PageReply) {
        skip -= reply.skipped
        limit -= reply.itemCount
        if let last = reply.last { after = last }
    }

    /// The command of the next call, which may spend this much effort.
    func command(effort: Int) -> Command {
        var query = MessagePack(reserving: 1024)
        query.set("descending", to: isDescending)
        query.set("after_score", to: after?.score)
        query.set("after_member", to: after?.id)
        query.set("skip", to: skip)
        query.set("limit", to: min(limit, PageScript.itemsPerCallMax))
        query.set("effort", to: effort)
        query.set("bytes", to: PageScript.bytesPerCallMax)
        query.set("item_prefix", to: itemPrefix)
        query.set("conditions", to: MessagePack(conditions))
        query.set("fields", to: fields)
        return Library.call(Library.page, keys, query, isRead: true)
    }
}
