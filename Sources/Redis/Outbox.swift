internal import Loop

/// The links that have something to send, until the turn of the loop ends.
///
/// hiredis asks for its socket to be watched with every command. Writing once before the loop sleeps instead sends the
/// commands of all requests of a turn in one system call, and needs no watch as long as the socket has room.
@LoopActor enum Outbox {
    private static var links: [Link] = []
    private static var flushing: [Link] = []
    private static var isHooked = false

    static func add(_ link: Link) {
        if !isHooked { hook() }
        links.append(link)
    }

    private static func hook() {
        isHooked = true
        LoopActor.loop.beforeSleep { flush() }
    }

    private static func flush() {
        guard !links.isEmpty else { return }
        swap(&links, &flushing)
        for link in flushing { link.flush() }
        flushing.removeAll(keepingCapacity: true)
    }
}
