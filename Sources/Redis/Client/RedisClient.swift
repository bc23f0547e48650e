package import Loop

/// The process's connection to Redis: pipelined, made again whenever it is lost, bounded in time and size.
///
/// Everyone shares one socket. A command is appended to what this turn of the loop sends, and its caller sleeps until
/// the reply is there: order is kept, and no one waits for another's round trip. A new connection is shown to the
/// `gate` before it is used, so that no command meets a Redis that is not the right one, not the primary, or not ready.
///
/// A started connection stays alive until ``close()``.
@LoopActor package final class RedisClient {
    package typealias Admission = @LoopActor (Candidate) async throws(RedisError) -> Void

    private let address: RedisAddress
    private let limits: RedisLimits
    private let gate: Admission

    private var state: ClientState
    /// The connection that the state speaks of.
    ///
    /// One that has been given up may still be ending by itself.
    private var connection: RedisConnection?
    /// Ends the attempt to connect, or the pause before the next.
    private var timer: Timer?
    private var totals = RedisCounters()
    private var closers: [CheckedContinuation<Void, Never>] = []
    private var onlookers: [CheckedContinuation<Void, Never>] = []

    /// Reads that wait for a connection, by the order of their coming.
    private var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
    private var waitingCommands = 0
    private var nextTicket = 0

    /// Called when a connection has become usable, with nil, and whenever one has ended or failed, with the reason.
    package var onChange: (@LoopActor (String?) -> Void)?

    /// The last error reply to anyone, in the words of Redis, which ``RedisError`` mostly leaves out; for logs.
    package private(set) var lastRefusal: String?

    /// Makes the connection ready for ``start()``.
    ///
    /// `gate` runs on each new connection after the user and the database are accepted. The connection is usable once
    /// it returns; when it throws, the connection is closed and another is made after a pause.
    package init(
        to address: RedisAddress,
        limits: RedisLimits = RedisLimits(),
        gate: @escaping Admission
    ) {
        self.address = address
        self.limits = limits
        self.gate = gate
        state = ClientState(backOffMin: limits.backOffMin, backOffMax: limits.backOffMax)
    }

    /// Connects, and connects again for as long as it takes; does nothing if it is started already.
    package func start() {
        Signals.ignoreBrokenPipes()
        handle(.started)
    }

    /// Waits until the attempt to connect that is under way has succeeded or failed, which the limits bound in time.
    package func attempt() async {
        switch state.phase {
        case .connecting, .authenticating, .admitting: await withCheckedContinuation { onlookers.append($0) }
        case .idle, .usable, .backingOff, .closing: break
        }
    }

    /// Gives up a connection whose Redis turns out not to be what the gate has let through, and makes another one.
    package func renew(because reason: String) {
        handle(.unfit(reason))
    }

    /// Takes no more commands, waits until those in flight have their replies or have timed out, and disconnects.
    package func close() async {
        handle(.stopped)
        guard state.phase != .idle else { return }
        await withCheckedContinuation { closers.append($0) }
    }

    package var isUsable: Bool {
        state.phase == .usable
    }

    /// Why there is no usable connection; nil while there is one, and before the first attempt has failed.
    package var lastProblem: String? {
        state.problem
    }

    package var counters: RedisCounters {
        var counters = totals
        counters.roundTrips += connection?.roundTrips ?? 0
        counters.inFlight = inFlight
        return counters
    }

    // MARK: Commands

    /// Sends a command and waits for its reply; an error reply is thrown.
    package func send(_ command: Command) async throws(RedisError) -> Reply {
        totals.commands += 1
        let now = ContinuousClock.now
        do throws(RedisError) {
            return try await usableConnection(for: 1).send(command, at: now)
        } catch {
            note(error)
            guard command.isHarmlessToRepeat, Self.isWorthRepeating(error) else { throw error }
            return try await sendAgain([command], deadline: now + limits.commandTimeout)[0]
        }
    }

    /// Sends commands together and waits for all replies.
    ///
    /// The first error in order is thrown, unless a later one leaves it open whether its command was run. If every
    /// command is harmless to repeat, so is the call.
    package func send(_ commands: [Command]) async throws(RedisError) -> [Reply] {
        guard !commands.isEmpty else { return [] }
        totals.commands += commands.count
        let now = ContinuousClock.now
        do throws(RedisError) {
            return try await usableConnection(for: commands.count).send(commands, at: now)
        } catch {
            note(error)
            let mayRepeat = commands.allSatisfy(\.isHarmlessToRepeat)
            guard mayRepeat, Self.isWorthRepeating(error) else { throw error }
            return try await sendAgain(commands, deadline: now + limits.commandTimeout)
        }
    }

    /// Whether so many commands would take no more than half of what may be in flight.
    ///
    /// For those who can do with one command instead of many, so that they leave room for those who cannot.
    package func hasRoom(for count: Int) -> Bool {
        inFlight + count <= limits.commandsInFlightMax / 2
    }

    private var inFlight: Int {
        (connection?.inFlight ?? 0) + waitingCommands
    }

    private func usableConnection(for count: Int) throws(RedisError) -> RedisConnection {
        guard isUsable, let connection else { throw .disconnected }
        guard inFlight + count <= limits.commandsInFlightMax, connection.unsentBytes <= limits.unsentBytesMax else {
            throw .overloaded
        }
        return connection
    }

    private func note(_ error: RedisError) {
        totals.errors[error.kind, default: 0] += 1
    }
}

// MARK: Second attempts

extension RedisClient {
    private static func isWorthRepeating(_ error: RedisError) -> Bool {
        switch error {
        case .disconnected, .connectionLost: true
        case .overloaded, .timedOut, .rejected: false
        }
    }

    /// Sends commands once more on the next connection, if there is one in time.
    private func sendAgain(
        _ commands: [Command],
        deadline: ContinuousClock.Instant
    ) async throws(RedisError) -> [Reply] {
        do throws(RedisError) {
            guard try await becomesUsable(before: deadline, for: commands.count) else { throw .disconnected }
            totals.retries += 1
            return try await usableConnection(for: commands.count).send(commands, at: .now, deadline: deadline)
        } catch {
            note(error)
            throw error
        }
    }

    private func becomesUsable(before deadline: ContinuousClock.Instant, for count: Int) async throws(RedisError)
        -> Bool
    {
        switch state.phase {
        case .usable: return true
        case .idle, .closing: return false
        case .connecting, .authenticating, .admitting, .backingOff: break
        }
        guard inFlight + count <= limits.commandsInFlightMax else { throw .overloaded }
        let ticket = nextTicket
        nextTicket += 1
        waitingCommands += count
        defer { waitingCommands -= count }
        let timer = Timer(after: deadline - .now) { [self] in
            waiting.removeValue(forKey: ticket)?.resume(returning: false)
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { waiting[ticket] = $0 }
    }

    /// Lets those go on who wait for a connection, first come, first served.
    private func releaseWaiting(_ isUsable: Bool) {
        let released = waiting.sorted { $0.key < $1.key }
        waiting.removeAll()
        for (_, waiter) in released { waiter.resume(returning: isUsable) }
    }
}

// MARK: Carrying out what the state decides

extension RedisClient {
    private func handle(_ event: ClientState.Event) {
        for action in state.handle(event) { carryOut(action) }
    }

    /// Handles what happens to a connection, unless it has been given up.
    private func handle(_ event: ClientState.Event, on connection: RedisConnection) {
        if connection === self.connection { handle(event) }
    }

    private func carryOut(_ action: ClientState.Action) {
        switch action {
        case .open: open()
        case .authenticate: run { [address] gate throws(RedisError) in _ = try await gate.send(address.greeting) }
        case .admit: run(gate)
        case .serve:
            totals.connections += 1
            releaseWaiting(true)
            endAttempt()
            onChange?(nil)
        case .rest(let pause):
            setTimer(pause * Double.random(in: 0.5...1)) { $0.handle(.rested) }
            endAttempt()
            onChange?(state.problem)
        case .drop: giveUpConnection()?.drop(because: "closed")
        case .retire: retire()
        case .finish: finish()
        }
    }

    private func open() {
        let connection = RedisConnection(limits: limits) { [self] connection, news in take(news, of: connection) }
        self.connection = connection
        setTimer(limits.connectTimeout) { $0.handle(.connectTimedOut) }
        if let problem = connection.open(address.endpoint) {
            handle(.failed("cannot connect to \(address): \(problem)"))
        }
    }

    private func take(_ news: RedisConnection.News, of connection: RedisConnection) {
        switch news {
        case .connected:
            handle(.connected, on: connection)
        case .rejected(let refusal, let sentence):
            lastRefusal = sentence
            if refusal == .readOnly { handle(.unfit("Redis has become a replica"), on: connection) }
        case .ended(let reason):
            let what = state.phase == .connecting ? "cannot connect to" : "lost the connection to"
            handle(.failed("\(what) \(address): \(reason)"), on: connection)
        }
    }

    /// Runs what a new connection has to go through, as a task, and tells the state how it went.
    private func run(_ step: @escaping Admission) {
        guard let connection else { return }
        timer?.cancel()
        let success: ClientState.Event = state.phase == .authenticating ? .authenticated : .admitted
        LoopActor.start { [self] in
            do throws(RedisError) {
                try await step(Candidate(connection: connection))
                handle(success, on: connection)
            } catch {
                handle(.failed("\(address) is not usable: \(words(for: error))"), on: connection)
            }
        }
    }

    /// What Redis itself has said, if that is where the error is from.
    private func words(for error: RedisError) -> String {
        guard case .rejected(let refusal) = error, let lastRefusal, RedisError.Rejection(lastRefusal) == refusal else {
            return error.description
        }
        return lastRefusal
    }

    private func endAttempt() {
        for onlooker in onlookers { onlooker.resume() }
        onlookers = []
    }

    private func retire() {
        if state.phase == .closing {
            connection?.retire()
        } else {
            giveUpConnection()?.retire()
        }
    }

    /// From here on, what happens to the connection is no news.
    private func giveUpConnection() -> RedisConnection? {
        defer { connection = nil }
        totals.roundTrips += connection?.roundTrips ?? 0
        return connection
    }

    private func finish() {
        timer?.cancel()
        _ = giveUpConnection()
        releaseWaiting(false)
        endAttempt()
        for closer in closers { closer.resume() }
        closers = []
    }

    private func setTimer(_ delay: Duration, _ handler: @escaping @LoopActor (RedisClient) -> Void) {
        timer?.cancel()
        timer = Timer(after: delay) { [self] in handler(self) }
    }
}
