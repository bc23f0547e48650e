import CHiredis
import CLinux
import Glibc
import Loop

/// One connection of hiredis from its socket's opening to its end, and the only owner of hiredis's context.
///
/// Every way to the end leads through hiredis's clean-up hook, in which the context is given up here too. Before that,
/// hiredis calls back every command without a reply; none of them runs code of its caller at once, for resuming a task
/// only makes it ready. Two things that hiredis cannot bear are so ruled out: a command given to a dying context, and a
/// context freed inside one of its connect callbacks.
///
/// hiredis answers commands in the order of their sending, so the queue of who waits is kept here and hiredis gets no
/// more than a pointer to the connection: no allocation of ours for each command.
@LoopActor final class RedisConnection {
    enum News {
        case connected
        /// An error reply, in the words of Redis, which ``RedisError`` mostly leaves out.
        case rejected(RedisError.Rejection, String)
        /// The last one, with the reason.
        case ended(String)
    }

    /// Nil before the connection is opened, and from the clean-up hook on.
    private var context: UnsafeMutablePointer<redisAsyncContext>?
    private var reader: ReplyReader?
    private var watch: Watch?
    private let limits: RedisLimits
    private let report: @LoopActor (RedisConnection, News) -> Void

    private var queue = Queue<Pending>()
    private var watchdog: Timer?
    /// Counts every byte given to hiredis.
    private var appendedBytes = 0
    private var isConnected = false
    private var isInOutbox = false
    private var isRetiring = false
    /// Why we have ended it ourselves.
    private var verdict: String?
    /// When the watchdog has found a command without reply.
    private var expiry: ContinuousClock.Instant?

    private(set) var roundTrips = 0

    init(limits: RedisLimits, report: @escaping @LoopActor (RedisConnection, News) -> Void) {
        self.limits = limits
        self.report = report
    }

    // MARK: Life

    /// Opens the socket; returns what is wrong if that fails at once, and then there are no news.
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
    func drop(because verdict: String) {
        guard let context, self.verdict == nil else { return }
        self.verdict = verdict
        redisAsyncFree(context)
    }

    /// Ends the connection as soon as every command has its reply, or the watchdog bites.
    func retire() {
        isRetiring = true
        if queue.isEmpty { drop(because: "closed") }
    }

    /// Hooks the connection into the context, which holds it until ``cleanedUp(_:)``.
    private func adopt(_ context: UnsafeMutablePointer<redisAsyncContext>) {
        let descriptor = context.pointee.c.fd
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.context = context
        reader = ReplyReader(in: context.pointee.c.reader)
        // A socket that connects is watched for room alone: hiredis takes any earlier event for its success.
        watch = Watch(descriptor, for: .writable) { [unowned self] readiness in ready(readiness) }
        context.pointee.ev.data = Unmanaged.passRetained(self).toOpaque()
        context.pointee.ev.cleanup = cleanedUp
        redisAsyncSetConnectCallback(context, connected)
    }

    private func ready(_ readiness: Readiness) {
        if readiness.contains(.writable) { write() }
        if readiness.contains(.readable) { read() }
    }

    /// Reads what has come: hiredis takes 16 KiB at a time, which two pages fill, and the replies of many are cheaper to
    /// go on with together.
    private func read() {
        for _ in 0..<Self.readsPerTurnMax {
            guard let context else { return }
            let descriptor = context.pointee.c.fd
            redisAsyncHandleRead(context)
            if self.context == nil || LoopActor.loop.readyJobs >= Self.readyJobsEnough { return }
            if works_bytes_to_read(descriptor) <= 0 { return }
        }
    }

    /// Sends what the commands have left for the outbox.
    func flush() {
        isInOutbox = false
        write()
    }

    /// The socket is watched for room only while it has not taken everything; hiredis need not ask for that with every
    /// command.
    private func write() {
        guard let context else { return }
        if isConnected { roundTrips += 1 }
        redisAsyncHandleWrite(context)
        if isConnected { watch?.interest = unsentBytes > 0 ? [.readable, .writable] : .readable }
    }

    /// With more reads, or once so many callers are ready to go on, Redis would be left without work meanwhile.
    private static let readsPerTurnMax = 4
    private static let readyJobsEnough = 16

    // MARK: Commands

    var inFlight: Int {
        queue.count
    }

    var unsentBytes: Int {
        context.map { sdslen($0.pointee.c.obuf) } ?? 0
    }

    /// Whether there is no command that has been sent and whose reply has not been read.
    var isIdle: Bool {
        queue.first.map { $0.end > sentBytes } ?? true
    }

    private var sentBytes: Int {
        appendedBytes - unsentBytes
    }

    func send(_ command: Command, at now: ContinuousClock.Instant) async throws(RedisError) -> Reply {
        let outcome: Result<Reply, RedisError> = await withUnsafeContinuation { caller in
            transmit(command, for: .one(caller), at: now)
        }
        return try outcome.get()
    }

    /// Sends commands together; the caller waits no longer than until `deadline`, if there is one.
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
        guard let context, !isRetiring else { return waiter.finish(.failure(.disconnected)) }
        let owner = context.pointee.ev.data
        let isTaken = command.withEncoded { bytes, count in
            appendedBytes += count
            return redisAsyncFormattedCommand(context, replyArrived, owner, bytes, count) == REDIS_OK
        }
        guard isTaken else { return waiter.finish(.failure(.disconnected)) }
        queue.append(
            Pending(
                waiter: waiter,
                deadline: now + limits.commandTimeout,
                end: appendedBytes,
                fields: command.fields
            )
        )
        if watchdog == nil { setWatchdog(at: now, for: now + limits.commandTimeout) }
        if isConnected && !isInOutbox && watch?.interest == .readable {
            isInOutbox = true
            Outbox.add(self)
        }
    }

    // MARK: Replies

    fileprivate func replyHasCome() {
        guard let reader, let pending = queue.popFirst() else { return }
        let reply = reader.take(pending.fields)
        if let sentence = reply.errorText {
            let refusal = RedisError.Rejection(sentence)
            pending.waiter.finish(.failure(.rejected(refusal)))
            report(self, .rejected(refusal, sentence))
        } else {
            pending.waiter.finish(.success(reply))
        }
        // Inside a reply's callback, hiredis puts off the end until it has returned.
        if isRetiring && queue.isEmpty { drop(because: "closed") }
    }

    fileprivate func replyIsLost() {
        guard let pending = queue.popFirst() else { return }
        if pending.end > sentBytes {
            // Redis does nothing with a part of a command.
            pending.waiter.finish(.failure(.disconnected))
        } else if let expiry, pending.deadline <= expiry {
            pending.waiter.finish(.failure(.timedOut))
        } else {
            pending.waiter.finish(.failure(.connectionLost))
        }
    }

    // MARK: Watchdog

    /// All commands may take equally long, so the first in the queue is the first to expire, and one timer does.
    ///
    /// It is set for the first command when there is none, and again when it fires: about once in each timeout. hiredis's
    /// context holds the connection until ``hasEnded()`` cancels the watchdog; a weak reference instead would make every retain
    /// and release of the connection slower.
    private func setWatchdog(at now: ContinuousClock.Instant, for deadline: ContinuousClock.Instant) {
        watchdog = Timer(after: deadline - now) { [unowned self] in lookForExpiry(at: .now) }
    }

    private func lookForExpiry(at now: ContinuousClock.Instant) {
        watchdog = nil
        guard let first = queue.first else { return }
        guard first.deadline <= now else { return setWatchdog(at: now, for: first.deadline) }
        expiry = now
        drop(because: "Redis did not answer in time")
    }

    // MARK: What hiredis tells

    fileprivate func hasConnected() {
        isConnected = true
        report(self, .connected)
    }

    /// The end: hiredis closes the socket and frees the context when this returns.
    fileprivate func hasEnded() {
        let reason = verdict ?? context.map { sentence($0) } ?? ""
        watch?.cancel()
        watch = nil
        watchdog?.cancel()
        watchdog = nil
        context = nil
        report(self, .ended(reason))
    }

    /// hiredis's own words, for instance "Connection refused".
    private func sentence(_ context: UnsafeMutablePointer<redisAsyncContext>) -> String {
        withUnsafeBytes(of: &context.pointee.c.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

// MARK: Callbacks

/// Finds the connection that the context holds, and enters its actor.
private func enter(_ owner: UnsafeMutableRawPointer?, _ body: @LoopActor (RedisConnection) -> Void) {
    let connection = Unmanaged<RedisConnection>.fromOpaque(owner!).takeUnretainedValue()
    LoopActor.assumeIsolated(with: connection, body)
}

/// Called once for each command: with its reply, or with null when the context is about to be freed.
private func replyArrived(
    _: UnsafeMutablePointer<redisAsyncContext>?,
    _ reply: UnsafeMutableRawPointer?,
    _ owner: UnsafeMutableRawPointer?
) {
    let hasCome = reply != nil
    enter(owner) { hasCome ? $0.replyHasCome() : $0.replyIsLost() }
}

/// Called once; after a failure, the clean-up follows.
private func connected(_ context: UnsafePointer<redisAsyncContext>?, _ status: Int32) {
    if status == REDIS_OK { enter(context!.pointee.ev.data) { $0.hasConnected() } }
}

/// Called once, last of all: takes back what ``RedisConnection/adopt(_:)`` has given.
private func cleanedUp(_ owner: UnsafeMutableRawPointer?) {
    let connection = Unmanaged<RedisConnection>.fromOpaque(owner!).takeRetainedValue()
    LoopActor.assumeIsolated { connection.hasEnded() }
}
