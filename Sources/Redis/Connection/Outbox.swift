import Loop

/// The connections that have something to send.
///
/// Written at the end of the loop's turn, the commands of all its requests leave in one system call. Only a Redis with
/// nothing to do gets them earlier, after a round of the turn, as in Nagle's algorithm (RFC 896): it would rest while the
/// turn goes on, and be waited for when the turn is over.
@LoopActor enum Outbox {
    private static var connections: [RedisConnection] = []
    private static var passing: [RedisConnection] = []
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
        swap(&connections, &passing)
        for connection in passing {
            if onlyIdle && !connection.isIdle { connections.append(connection) } else { connection.flush() }
        }
        passing.removeAll(keepingCapacity: true)
    }
}
