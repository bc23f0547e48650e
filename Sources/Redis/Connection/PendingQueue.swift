/// The commands of one connection that have no reply yet, in the order in which they are sent and answered.
///
/// It decides, without any I/O, what happened to those that will get no reply. The bytes that hiredis has not written
/// yet (`unsentBytes`) are the end of the stream of all commands, so a command that reaches into them was not sent.
struct PendingQueue {
    private var queue = Queue<Pending>()
    /// The length in bytes of the stream of all commands.
    private var appendedBytes = 0
    /// When a command was found to be overdue.
    private var expiry: ContinuousClock.Instant?

    var count: Int {
        queue.count
    }

    var isEmpty: Bool {
        queue.isEmpty
    }

    /// When the first command is overdue; all have the same timeout, so no other is overdue earlier.
    var deadline: ContinuousClock.Instant? {
        queue.first?.deadline
    }

    mutating func append(_ waiter: Waiter, byteCount: Int, deadline: ContinuousClock.Instant, fields: HashFields?) {
        appendedBytes += byteCount
        queue.append(Pending(waiter: waiter, deadline: deadline, end: appendedBytes, fields: fields))
    }

    /// Removes the command that is answered next.
    mutating func popFirst() -> Pending? {
        queue.popFirst()
    }

    /// Whether Redis has answered every command that was sent to it.
    func isIdle(unsentBytes: Int) -> Bool {
        queue.first.map { $0.end > appendedBytes - unsentBytes } ?? true
    }

    /// Notes the time if the first command is overdue; returns whether it is.
    mutating func expire(at now: ContinuousClock.Instant) -> Bool {
        guard let deadline, deadline <= now else { return false }
        expiry = now
        return true
    }

    /// What to tell the caller of a command whose connection ended before the reply.
    func error(for lost: Pending, unsentBytes: Int) -> RedisError {
        // Redis ignores an incomplete command.
        if lost.end > appendedBytes - unsentBytes { return .disconnected }
        if let expiry, lost.deadline <= expiry { return .timedOut }
        return .connectionLost
    }
}
