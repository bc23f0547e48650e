import CHiredis
import CLinux
import Glibc
import Loop

/// One hiredis connection from opening its socket to its end, and the only owner of hiredis's context.
///
/// Every ending passes through hiredis's clean-up hook, where we give up the context too. Before that, hiredis calls
/// back for every pending command, without a reply; that does not run the callers' code at once, because resuming a
/// task only makes it ready. This rules out two things that hiredis cannot handle: a command sent on a dying context,
/// and a context freed inside one of its connect callbacks.
///
/// Redis answers commands in the order in which they were sent, so the queue of waiters is kept here, and hiredis only
/// gets a pointer to the connection: we allocate nothing per command.
@LoopActor final class RedisConnection {
    enum Event {
        case connected
        /// A command was answered with an error.
        case rejected(RedisError.Rejection)
        /// The last event, with the reason.
        case ended(String)
    }

    private enum Phase {
        case connecting
        case serving
        /// No more commands are accepted; the connection ends with the last reply.
        case retiring
    }

    private let limits: RedisLimits
    private let report: @LoopActor (RedisConnection, Event) -> Void

    private var phase = Phase.connecting
    /// Why we ended the connection ourselves.
    private var endReason: String?
    private var pending = PendingQueue()
    private var isInOutbox = false
    private(set) var roundTrips = 0

    /// Nil before the connection is opened, and from the clean-up hook on.
    private var context: UnsafeMutablePointer<redisAsyncContext>?
    private var reader: ReplyReader?
    private var watch: Watch?
    private var watchdog: Timer?

    init(limits: RedisLimits, report: @escaping @LoopActor (RedisConnection, Event) -> Void) {
        self.limits = limits
        self.report = report
    }

    // MARK: Life

    /// Opens the socket; if that fails at once, returns the reason and reports no events.
    func open(_ endpoint: RedisAddress.Endpoint) -> String? {
        let opened =
            switch endpoint {
            case .tcp(let host, let port): redisAsyncConnect(host, Int32(port))
            case .unix(let path): redisAsyncConnectUnix(path)
            }
        guard let opened else { return "out of memory" }
        guard opened.pointee.err == 0 else {
            defer { redisAsyncFree(opened) }
            return sentence(opened)
        }
        if case .tcp = endpoint { redisEnableKeepAlive(&opened.pointee.c) }
        adopt(opened)
        return nil
    }

    /// Ends the connection at once; the commands in flight are lost.
    func drop(because reason: String) {
        guard let context, endReason == nil else { return }
        endReason = reason
        redisAsyncFree(context)
    }

    /// Ends the connection as soon as every command has its reply or has timed out.
    func retire() {
        phase = .retiring
        if pending.isEmpty { drop(because: "closed") }
    }

    /// Ties the connection to the context, which holds it until ``cleanedUp(_:)``.
    private func adopt(_ context: UnsafeMutablePointer<redisAsyncContext>) {
        let descriptor = context.pointee.c.fd
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.context = context
        reader = ReplyReader(in: context.pointee.c.reader)
        // Until the socket has connected, watch only for writability: hiredis takes any other event for success.
        watch = Watch(descriptor, for: .writable) { [unowned self] readiness in ready(readiness) }
        works_redis_set_owner(context, Unmanaged.passRetained(self).toOpaque(), cleanedUp)
        redisAsyncSetConnectCallback(context, connected)
    }

    private func ready(_ readiness: Readiness) {
        if readiness.contains(.writable) { write() }
        if readiness.contains(.readable) { read() }
    }

    /// Reads up to 64 KiB: hiredis reads 16 KiB at a time, about two pages of works, and resuming many callers at once
    /// is cheaper.
    private func read() {
        for _ in 0..<Self.readsPerTurnMax {
            guard let context else { return }
            let descriptor = context.pointee.c.fd
            redisAsyncHandleRead(context)
            if self.context == nil || LoopActor.loop.readyJobs >= Self.readyJobsEnough { return }
            if works_bytes_to_read(descriptor) <= 0 { return }
        }
    }

    /// Sends what has been collected since ``Outbox/add(_:)``.
    func flush() {
        isInOutbox = false
        write()
    }

    /// Writes, and watches for writability only while the socket has not accepted everything.
    ///
    /// hiredis itself would ask for that watch with every command.
    private func write() {
        guard let context else { return }
        if phase != .connecting { roundTrips += 1 }
        redisAsyncHandleWrite(context)
        if phase != .connecting { watch?.interest = unsentBytes > 0 ? [.readable, .writable] : .readable }
    }

    /// Reading more, or reading on with this many callers ready, would leave Redis idle.
    private static let readsPerTurnMax = 4
    private static let readyJobsEnough = 16

    // MARK: Commands

    var inFlight: Int {
        pending.count
    }

    var unsentBytes: Int {
        context.map { sdslen($0.pointee.c.obuf) } ?? 0
    }

    /// Whether Redis has answered every command that was sent to it.
    var isIdle: Bool {
        pending.isIdle(unsentBytes: unsentBytes)
    }

    /// Sends a command, as every short request does once.
    ///
    /// Inlined: each call of an `async` function makes the runtime look twice for the executor.
    @inline(__always)
    func send(_ command: Command, at now: ContinuousClock.Instant) async throws(RedisError) -> Reply {
        let outcome: Result<Reply, RedisError> = await withUnsafeContinuation { caller in
            transmit(command, for: .one(caller), at: now)
        }
        return try outcome.get()
    }

    /// Sends commands together; the caller waits until `deadline` at the latest, if there is one.
    func send(
        _ commands: [Command],
        at now: ContinuousClock.Instant,
        deadline: ContinuousClock.Instant? = nil
    ) async throws(RedisError) -> [Reply] {
        var timer: Timer?
        let outcome: Result<[Reply], RedisError> = await withUnsafeContinuation { caller in
            let pipeline = Pipeline(of: commands.count, for: caller)
            for command in commands { transmit(command, for: .part(pipeline), at: now) }
            timer = deadline.map { Timer(after: $0 - now) { pipeline.expire() } }
        }
        timer?.cancel()
        return try outcome.get()
    }

    private func transmit(_ command: Command, for waiter: Waiter, at now: ContinuousClock.Instant) {
        guard let context, phase == .serving else { return waiter.finish(.failure(.disconnected)) }
        let owner = context.pointee.data
        var byteCount = 0
        let isAccepted = command.withEncoded { bytes, count in
            byteCount = count
            return redisAsyncFormattedCommand(context, replyArrived, owner, bytes, count) == REDIS_OK
        }
        guard isAccepted else { return waiter.finish(.failure(.disconnected)) }
        let deadline = now + limits.commandTimeout
        pending.append(waiter, byteCount: byteCount, deadline: deadline, fields: command.fields)
        if watchdog == nil { setWatchdog(at: now, for: deadline) }
        if !isInOutbox && watch?.interest == .readable {
            isInOutbox = true
            Outbox.add(self)
        }
    }

    // MARK: Replies

    fileprivate func replyHasArrived() {
        guard let reader, let command = pending.popFirst() else { return }
        let reply = reader.finish(command.fields)
        if let sentence = reply.errorText {
            let rejection = RedisError.Rejection(sentence)
            command.waiter.finish(.failure(.rejected(rejection)))
            report(self, .rejected(rejection))
        } else {
            command.waiter.finish(.success(reply))
        }
        // hiredis defers freeing the context until the reply's callback has returned.
        if phase == .retiring && pending.isEmpty { drop(because: "closed") }
    }

    fileprivate func replyIsLost() {
        guard let command = pending.popFirst() else { return }
        command.waiter.finish(.failure(pending.error(for: command, unsentBytes: unsentBytes)))
    }

    // MARK: Watchdog

    /// Sets the one timer that finds the first overdue command.
    ///
    /// It is set by a command if none is set, and again when it fires: about once per timeout. hiredis's context holds
    /// the connection until ``hasEnded()`` cancels the watchdog, hence `unowned`; a weak reference would make every
    /// retain and release of the connection slower.
    private func setWatchdog(at now: ContinuousClock.Instant, for deadline: ContinuousClock.Instant) {
        watchdog = Timer(after: deadline - now) { [unowned self] in checkDeadline(at: .now) }
    }

    private func checkDeadline(at now: ContinuousClock.Instant) {
        watchdog = nil
        guard let deadline = pending.deadline else { return }
        guard pending.expire(at: now) else { return setWatchdog(at: now, for: deadline) }
        drop(because: "Redis did not answer in time")
    }

    // MARK: What hiredis reports

    fileprivate func hasConnected() {
        phase = .serving
        report(self, .connected)
    }

    /// Called at the end: hiredis closes the socket and frees the context when this returns.
    fileprivate func hasEnded() {
        let reason = endReason ?? context.map { sentence($0) } ?? ""
        watch?.cancel()
        watch = nil
        watchdog?.cancel()
        watchdog = nil
        context = nil
        report(self, .ended(reason))
    }

    /// The error in hiredis's own words, for instance "Connection refused".
    private func sentence(_ context: UnsafeMutablePointer<redisAsyncContext>) -> String {
        withUnsafeBytes(of: &context.pointee.c.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

// MARK: Callbacks

/// Finds the connection that owns the context, and enters its actor.
private func enter(_ owner: UnsafeMutableRawPointer?, _ body: @LoopActor (RedisConnection) -> Void) {
    let connection = Unmanaged<RedisConnection>.fromOpaque(argument(owner)).takeUnretainedValue()
    LoopActor.assumeIsolated(with: connection, body)
}

/// Called once per command: with its reply, or with null when the context is about to be freed.
private func replyArrived(
    _: UnsafeMutablePointer<redisAsyncContext>?,
    _ reply: UnsafeMutableRawPointer?,
    _ owner: UnsafeMutableRawPointer?
) {
    let hasArrived = reply != nil
    enter(owner) { hasArrived ? $0.replyHasArrived() : $0.replyIsLost() }
}

/// Called once; after a failure, the clean-up follows.
private func connected(_ context: UnsafePointer<redisAsyncContext>?, _ status: Int32) {
    if status == REDIS_OK { enter(argument(context).pointee.data) { $0.hasConnected() } }
}

/// Called once, last: releases what ``RedisConnection/adopt(_:)`` retained.
private func cleanedUp(_ owner: UnsafeMutableRawPointer?) {
    let connection = Unmanaged<RedisConnection>.fromOpaque(argument(owner)).takeRetainedValue()
    LoopActor.assumeIsolated { connection.hasEnded() }
}
