import Redis

/// The call of the function `draw`, see `draw.lua`.
enum DrawScript {
    static func draw(_ count: Int, on marker: Marker) -> Command {
        var query = MessagePack()
        query.set("marker", to: marker.query)
        query.set("count", to: count)
        query.set("ids_prefix", to: Keys.idsPrefix)
        query.set("ids_per_hash", to: Keys.idsPerHash)
        var command = Library.call(Library.draw, [Keys.sequence, Keys.schema], query, isRead: false)
        // Numbers drawn twice leave a gap.
        command.isHarmlessToRepeat = true
        return command
    }
}
