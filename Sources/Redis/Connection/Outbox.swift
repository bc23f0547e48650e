import Loop

/// The connections that have something to send.
///
/// They are flushed at the end of the loop's turn, so that one system call sends the commands of all its requests. If
/// Redis is idle, they are flushed after each round instead, so that it works while the turn continues (the idea of
/// Nagle's algorithm, RFC 896).
@LoopActor enum Outbox {
    /// Like the properties of ``EventLoop``, these two are used in each round, and not checked for exclusive access.
    @exclusivity(unchecked) private static var connections: [RedisConnection] = []
    @exclusivity(unchecked) private static var flushing: [RedisConnection] = []
    private static var isHooked = false

    static func add(_ connection: RedisConnection) {
        if !isHooked { hook() }
        connections.append(connection)
    }

    private static func hook() {
        isHooked = true
        LoopActor.loop.afterRound { isLast in flush(onlyIdle: !isLast) }
    }

    private static func flush(onlyIdle: Bool) {
        guard !connections.isEmpty else { return }
        swap(&connections, &flushing)
        for connection in flushing {
            if onlyIdle && !connection.isIdle { connections.append(connection) } else { connection.flush() }
        }
        flushing.removeAll(keepingCapacity: true)
    }
}
