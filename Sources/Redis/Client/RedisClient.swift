public import Loop

/// The process's client of Redis: one pipelined connection, replaced whenever it is lost, bounded in time and size.
///
/// All callers share one socket. A command is appended to what this turn of the loop sends, and its caller sleeps until
/// the reply arrives: order is kept, and no caller waits for another's round trip. A new connection must be admitted
/// before it is used, so that no command reaches the wrong Redis, a replica, or one that is not ready.
///
/// A started client stays alive until ``close()``.
@LoopActor public final class RedisClient {
    /// Decides whether a new connection may be used.
    ///
    /// Returns nil to admit it, or the reason why this Redis is rejected.
    public typealias Admission = @LoopActor (Candidate) async throws(RedisError) -> String?

    let limits: RedisLimits
    private let address: RedisAddress

    private(set) var state: ClientState
    /// The connection whose life cycle ``state`` follows.
    ///
    /// An abandoned one may still be ending by itself.
    private var connection: RedisConnection?
    /// Ends the attempt to connect, or the pause before the next attempt.
    private var timer: Timer?
    let retries = Retries()
    var totals = RedisCounters()
    private var closeWaiters: [CheckedContinuation<Void, Never>] = []
    private var attemptWaiters: [CheckedContinuation<Void, Never>] = []

    /// Runs on each new connection after the user and the database are accepted.
    ///
    /// Unless it returns nil, the connection is closed and replaced after a pause.
    public var admit: Admission

    /// Called with nil when a connection becomes usable, and with the reason when one ends or fails.
    public var onChange: (@LoopActor (String?) -> Void)?

    /// Prepares a client; ``start()`` makes it connect.
    ///
    /// - Parameters:
    ///   - address: the Redis to connect to, and the user and database to select.
    ///   - limits: the bounds in time and size.
    ///   - admit: see ``admit``.
    public init(
        to address: RedisAddress,
        limits: RedisLimits = RedisLimits(),
        admit: @escaping Admission = { _ in nil }
    ) {
        self.address = address
        self.limits = limits
        self.admit = admit
        state = ClientState(backOffMin: limits.backOffMin, backOffMax: limits.backOffMax)
    }

    /// Connects, and reconnects until ``close()``; does nothing if already started.
    public func start() {
        Signals.ignoreBrokenPipes()
        handle(.started)
    }

    /// Waits until the current attempt to connect has succeeded or failed, which the limits bound in time.
    public func attempt() async {
        switch state.phase {
        case .connecting, .authenticating, .admitting: await withCheckedContinuation { attemptWaiters.append($0) }
        case .idle, .usable, .backingOff, .closing: break
        }
    }

    /// Replaces the connection, because its Redis would no longer be admitted.
    public func renew(because reason: String) {
        handle(.unfit(reason))
    }

    /// Accepts no more commands, waits until those in flight have their replies or have timed out, and disconnects.
    public func close() async {
        handle(.stopped)
        guard state.phase != .idle else { return }
        await withCheckedContinuation { closeWaiters.append($0) }
    }

    public var isUsable: Bool {
        state.phase == .usable
    }

    /// Why there is no usable connection; nil while there is one, and before the first attempt has failed.
    public var unusableReason: String? {
        state.unusableReason
    }

    public var counters: RedisCounters {
        var counters = totals
        counters.roundTrips += connection?.roundTrips ?? 0
        counters.inFlight = inFlight
        return counters
    }

    // MARK: Commands

    /// Sends a command and waits for its reply; an error reply is thrown.
    public func send(_ command: Command) async throws(RedisError) -> Reply {
        totals.commands += 1
        let now = ContinuousClock.now
        do throws(RedisError) {
            return try await usableConnection(for: 1).send(command, at: now)
        } catch {
            count(error)
            guard command.isHarmlessToRepeat, Self.isWorthRepeating(error) else { throw error }
            return try await sendAgain([command], deadline: now + limits.commandTimeout)[0]
        }
    }

    /// Sends commands together and waits for all replies.
    ///
    /// The first error in order is thrown, unless a later one leaves it unknown whether its command was run. If every
    /// command is harmless to repeat, so is the call.
    public func send(_ commands: [Command]) async throws(RedisError) -> [Reply] {
        guard !commands.isEmpty else { return [] }
        totals.commands += commands.count
        let now = ContinuousClock.now
        do throws(RedisError) {
            return try await usableConnection(for: commands.count).send(commands, at: now)
        } catch {
            count(error)
            let mayRepeat = commands.allSatisfy(\.isHarmlessToRepeat)
            guard mayRepeat, Self.isWorthRepeating(error) else { throw error }
            return try await sendAgain(commands, deadline: now + limits.commandTimeout)
        }
    }

    /// Whether `count` more commands would keep at most half of ``RedisLimits/commandsInFlightMax`` in flight.
    ///
    /// Callers that can use one command instead of many ask this, to leave room for those that cannot.
    public func hasRoom(for count: Int) -> Bool {
        inFlight + count <= limits.commandsInFlightMax / 2
    }

    var inFlight: Int {
        (connection?.inFlight ?? 0) + retries.commandCount
    }

    func usableConnection(for count: Int) throws(RedisError) -> RedisConnection {
        guard isUsable, let connection else { throw .disconnected }
        guard inFlight + count <= limits.commandsInFlightMax, connection.unsentBytes <= limits.unsentBytesMax else {
            throw .overloaded
        }
        return connection
    }

    func count(_ error: RedisError) {
        totals.errors[error.kind, default: 0] += 1
    }
}

// MARK: Carrying out what the state decides

extension RedisClient {
    private func handle(_ event: ClientState.Event) {
        for action in state.handle(event) { carryOut(action) }
    }

    /// Handles an event of a connection, unless the connection was abandoned.
    private func handle(_ event: ClientState.Event, on connection: RedisConnection) {
        if connection === self.connection { handle(event) }
    }

    private func handle(_ event: RedisConnection.Event, from connection: RedisConnection) {
        switch event {
        case .connected:
            handle(.connected, on: connection)
        case .rejected(let rejection):
            switch rejection {
            case .readOnly: handle(.unfit("Redis has become a replica"), on: connection)
            case .forbidden(let words): handle(.unfit(words), on: connection)
            case .unavailable, .functionMissing, .full, .misconfigured, .other: break
            }
        case .ended(let reason):
            let what = state.phase == .connecting ? "cannot connect to" : "lost the connection to"
            handle(.failed("\(what) \(address): \(reason)"), on: connection)
        }
    }

    private func carryOut(_ action: ClientState.Action) {
        switch action {
        case .open: open()
        case .authenticate:
            run(then: .authenticated) { [address] candidate throws(RedisError) in
                do throws(RedisError) {
                    _ = try await candidate.send(address.greeting)
                    return nil
                } catch {
                    return address.hidingPassword(in: error.description)
                }
            }
        case .admit: run(then: .admitted, admit)
        case .serve:
            totals.connections += 1
            retries.resumeAll(isUsable: true)
            endAttempt()
            onChange?(nil)
        case .rest(let pause):
            setTimer(pause * Double.random(in: 0.5...1)) { $0.handle(.rested) }
            endAttempt()
            onChange?(state.unusableReason)
        case .drop: giveUpConnection()?.drop(because: "closed")
        case .retire: retire()
        case .finish: finish()
        }
    }

    private func open() {
        let connection = RedisConnection(limits: limits) { [self] connection, event in handle(event, from: connection) }
        self.connection = connection
        setTimer(limits.connectTimeout) { $0.handle(.connectTimedOut) }
        if let reason = connection.open(address.endpoint) {
            handle(.failed("cannot connect to \(address): \(reason)"))
        }
    }

    /// Runs, as a task, a step that a new connection must pass, and reports its outcome to the state.
    private func run(then success: ClientState.Event, _ step: @escaping Admission) {
        guard let connection else { return }
        timer?.cancel()
        LoopActor.start { [self] in
            let reason: String?
            do throws(RedisError) {
                reason = try await step(Candidate(connection: connection))
            } catch {
                reason = error.description
            }
            handle(reason.map { .failed("\(address) is not usable: \($0)") } ?? success, on: connection)
        }
    }

    private func endAttempt() {
        for waiter in attemptWaiters { waiter.resume() }
        attemptWaiters = []
    }

    private func retire() {
        if state.phase == .closing {
            connection?.retire()
        } else {
            giveUpConnection()?.retire()
        }
    }

    /// From here on, events of the connection are ignored.
    private func giveUpConnection() -> RedisConnection? {
        defer { connection = nil }
        totals.roundTrips += connection?.roundTrips ?? 0
        return connection
    }

    private func finish() {
        timer?.cancel()
        _ = giveUpConnection()
        retries.resumeAll(isUsable: false)
        endAttempt()
        for waiter in closeWaiters { waiter.resume() }
        closeWaiters = []
    }

    private func setTimer(_ delay: Duration, _ handler: @escaping @LoopActor (RedisClient) -> Void) {
        timer?.cancel()
        timer = Timer(after: delay) { [self] in handler(self) }
    }
}
