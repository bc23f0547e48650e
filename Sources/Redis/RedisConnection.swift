public import Loop

/// The process's connection to Redis: pipelined, made again whenever it is lost, bounded in time and size.
///
/// Everyone shares one socket. A command is appended to what this turn of the loop sends, and its caller sleeps until
/// the reply is there: order is kept, and no one waits for another's round trip. A new connection is shown to the
/// `gate` before it is used, so that no command meets a Redis that is not the right one, not the primary, or not ready.
///
/// A started connection stays alive until ``close()``.
@LoopActor public final class RedisConnection {
    public typealias Gate = @LoopActor (RedisGate) async throws(RedisError) -> Void

    private let address: RedisAddress
    private let limits: RedisLimits
    private let gate: Gate

    private var state: ConnectionState
    /// The connection that the state speaks of.
    ///
    /// One that has been given up may still be ending by itself.
    private var link: Link?
    /// Ends the attempt to connect, or the pause before the next.
    private var timer: Timer?
    private var tally = RedisCounters()
    private var closers: [CheckedContinuation<Void, Never>] = []
    private var onlookers: [CheckedContinuation<Void, Never>] = []

    /// Reads that wait for a connection, by the order of their coming.
    private var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
    private var waitingCommands = 0
    private var nextTicket = 0

    /// Called when a connection has become usable, with nil, and whenever one has ended or failed, with the reason.
    public var onChange: (@LoopActor (String?) -> Void)?

    /// The last error reply to anyone, in the words of Redis, which ``RedisError`` mostly leaves out; for logs.
    public private(set) var lastRefusal: String?

    /// Makes the connection ready for ``start()``.
    ///
    /// `gate` runs on each new connection after the user and the database are accepted. The connection is usable once
    /// it returns; when it throws, the connection is closed and another is made after a pause.
    public init(
        to address: RedisAddress,
        limits: RedisLimits = RedisLimits(),
        gate: @escaping Gate
    ) {
        self.address = address
        self.limits = limits
        self.gate = gate
        state = ConnectionState(backOffMin: limits.backOffMin, backOffMax: limits.backOffMax)
    }

    /// Connects, and connects again for as long as it takes; does nothing if it is started already.
    public func start() {
        Signals.ignoreBrokenPipes()
        handle(.started)
    }

    /// Waits until the attempt to connect that is under way has succeeded or failed, which the limits bound in time.
    public func attempt() async {
        switch state.phase {
        case .connecting, .authenticating, .gating: await withCheckedContinuation { onlookers.append($0) }
        case .idle, .usable, .backingOff, .closing: break
        }
    }

    /// Gives up a connection whose Redis turns out not to be what the gate has let through, and makes another one.
    public func renew(because reason: String) {
        handle(.unfit(reason))
    }

    /// Takes no more commands, waits until those in flight have their replies or have timed out, and disconnects.
    public func close() async {
        handle(.stopped)
        guard state.phase != .idle else { return }
        await withCheckedContinuation { closers.append($0) }
    }

    public var isUsable: Bool {
        state.phase == .usable
    }

    /// Why there is no usable connection; nil while there is one, and before the first attempt has failed.
    public var lastProblem: String? {
        state.problem
    }

    public var counters: RedisCounters {
        var counters = tally
        counters.roundTrips += link?.roundTrips ?? 0
        counters.inFlight = inFlight
        return counters
    }

    // MARK: Commands

    /// Sends a command and waits for its reply; an error reply is thrown.
    public func send(_ command: Command) async throws(RedisError) -> Reply {
        tally.commands += 1
        let now = ContinuousClock.now
        do throws(RedisError) {
            return try await usableLink(for: 1).send(command, at: now)
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
    public func send(_ commands: [Command]) async throws(RedisError) -> [Reply] {
        guard !commands.isEmpty else { return [] }
        tally.commands += commands.count
        let now = ContinuousClock.now
        do throws(RedisError) {
            return try await usableLink(for: commands.count).send(commands, at: now)
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
    public func hasRoom(for count: Int) -> Bool {
        inFlight + count <= limits.commandsInFlightMax / 2
    }

    private var inFlight: Int {
        (link?.inFlight ?? 0) + waitingCommands
    }

    private func usableLink(for count: Int) throws(RedisError) -> Link {
        guard isUsable, let link else { throw .disconnected }
        guard inFlight + count <= limits.commandsInFlightMax, link.unsentBytes <= limits.unsentBytesMax else {
            throw .overloaded
        }
        return link
    }

    private func note(_ error: RedisError) {
        tally.errors[error.kind, default: 0] += 1
    }
}

// MARK: Second attempts

extension RedisConnection {
    private static func isWorthRepeating(_ error: RedisError) -> Bool {
        switch error {
        case .disconnected, .connectionLost: true
        case .overloaded, .timedOut, .refused: false
        }
    }

    /// Sends commands once more on the next connection, if there is one in time.
    private func sendAgain(
        _ commands: [Command],
        deadline: ContinuousClock.Instant
    ) async throws(RedisError) -> [Reply] {
        do throws(RedisError) {
            guard try await becomesUsable(before: deadline, for: commands.count) else { throw .disconnected }
            tally.retries += 1
            return try await usableLink(for: commands.count).send(commands, at: .now, deadline: deadline)
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
        case .connecting, .authenticating, .gating, .backingOff: break
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

extension RedisConnection {
    private func handle(_ event: ConnectionState.Event) {
        for action in state.handle(event) { carryOut(action) }
    }

    /// Handles what happens to a connection, unless it has been given up.
    private func handle(_ event: ConnectionState.Event, on link: Link) {
        if link === self.link { handle(event) }
    }

    private func carryOut(_ action: ConnectionState.Action) {
        switch action {
        case .open: open()
        case .authenticate: run { [address] gate throws(RedisError) in _ = try await gate.send(address.greeting) }
        case .runGate: run(gate)
        case .serve:
            tally.connections += 1
            releaseWaiting(true)
            endAttempt()
            onChange?(nil)
        case .rest(let pause):
            setTimer(pause * Double.random(in: 0.5...1)) { $0.handle(.rested) }
            endAttempt()
            onChange?(state.problem)
        case .drop: giveUpLink()?.drop(because: "closed")
        case .retire: retire()
        case .finish: finish()
        }
    }

    private func open() {
        let link = Link(limits: limits) { [self] link, news in take(news, of: link) }
        self.link = link
        setTimer(limits.connectTimeout) { $0.handle(.connectTimedOut) }
        if let problem = link.open(address.place) {
            handle(.failed("cannot connect to \(address): \(problem)"))
        }
    }

    private func take(_ news: Link.News, of link: Link) {
        switch news {
        case .connected:
            handle(.connected, on: link)
        case .refused(let refusal, let sentence):
            lastRefusal = sentence
            if refusal == .readOnly { handle(.unfit("Redis has become a replica"), on: link) }
        case .ended(let reason):
            let what = state.phase == .connecting ? "cannot connect to" : "lost the connection to"
            handle(.failed("\(what) \(address): \(reason)"), on: link)
        }
    }

    /// Runs what a new connection has to go through, as a task, and tells the state how it went.
    private func run(_ step: @escaping Gate) {
        guard let link else { return }
        timer?.cancel()
        let success: ConnectionState.Event = state.phase == .authenticating ? .authenticated : .admitted
        LoopActor.start { [self] in
            do throws(RedisError) {
                try await step(RedisGate(link: link))
                handle(success, on: link)
            } catch {
                handle(.failed("\(address) is not usable: \(words(for: error))"), on: link)
            }
        }
    }

    /// What Redis itself has said, if that is where the error is from.
    private func words(for error: RedisError) -> String {
        guard case .refused(let refusal) = error, let lastRefusal, RedisError.Refusal(lastRefusal) == refusal else {
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
            link?.retire()
        } else {
            giveUpLink()?.retire()
        }
    }

    /// From here on, what happens to the connection is no news.
    private func giveUpLink() -> Link? {
        defer { link = nil }
        tally.roundTrips += link?.roundTrips ?? 0
        return link
    }

    private func finish() {
        timer?.cancel()
        _ = giveUpLink()
        releaseWaiting(false)
        endAttempt()
        for closer in closers { closer.resume() }
        closers = []
    }

    private func setTimer(_ delay: Duration, _ handler: @escaping @LoopActor (RedisConnection) -> Void) {
        timer?.cancel()
        timer = Timer(after: delay) { [self] in handler(self) }
    }
}
