internal import Loop

/// The links that have something to send.
///
/// Written at the end of the loop's turn, the commands of all its requests leave in one system call. Only a Redis with
/// nothing to do gets them earlier, after a round of the turn, as in Nagle's algorithm (RFC 896): it would rest while the
/// turn goes on, and be waited for when the turn is over.
@LoopActor enum Outbox {
    private static var links: [Link] = []
    private static var passing: [Link] = []
    private static var isHooked = false

    static func add(_ link: Link) {
        if !isHooked { hook() }
        links.append(link)
    }

    private static func hook() {
        isHooked = true
        LoopActor.loop.afterRound { isLast in flush(onlyIdle: !isLast) }
    }

    private static func flush(onlyIdle: Bool) {
        guard !links.isEmpty else { return }
        swap(&links, &passing)
        for link in passing {
            if onlyIdle && !link.isIdle { links.append(link) } else { link.flush() }
        }
        passing.removeAll(keepingCapacity: true)
    }
}
