public import Loop
public import Redis
import Secrets
public import Works

/// The connection to the store, used only while its Redis is fit to be one, see ``Fitness``.
///
/// This is the border at which a ``RedisError`` becomes a ``StoreError``.
@LoopActor public final class StoreConnection {
    let client: RedisClient
    /// What the searches and walks of this worker go through.
    let steps = StepQueue()
    /// The secret of the store, which all workers share, and its marker.
    ///
    /// Each new connection reads them again, since the store may have been reinstalled.
    private var storedSecret: SecretKey?
    private var storedMarker: Marker?
    /// How long after a command the connection looks again at its Redis; nil for tools, which do not live that long.
    private let lookInterval: Duration?
    private var nextLook: Timer?

    /// Connects to `address`, now and whenever the connection is lost.
    ///
    /// - Parameters:
    ///   - address: the address of the Redis.
    ///   - limits: the bounds of the connection.
    ///   - lookInterval: how long after a command the Redis is checked again, see ``check()``.
    public init(
        to address: RedisAddress,
        limits: RedisLimits = RedisLimits(),
        lookInterval: Duration = .seconds(1)
    ) {
        client = RedisClient(to: address, limits: limits)
        self.lookInterval = lookInterval
        client.admit = { [weak self] candidate throws(RedisError) in
            let fitness = try await Fitness { commands throws(RedisError) in try await candidate.send(commands) }
            if let unfitness = fitness.unfitnessToServe { return unfitness.description }
            self?.adopt(fitness)
            return nil
        }
        client.start()
    }

    /// Uses an existing client, for tools; that client accepts any Redis, so the fitness is checked here.
    ///
    /// Tools may read from a replica; Redis itself refuses their writes there.
    ///
    /// - Throws: ``StoreError/unfit(_:)`` if there is no store that can be read, or the store's error.
    public init(over client: RedisClient) async throws(StoreError) {
        self.client = client
        lookInterval = nil
        let fitness: Fitness
        do throws(RedisError) {
            fitness = try await Fitness { commands throws(RedisError) in try await client.send(commands) }
        } catch {
            throw StoreError(error, isRead: true)
        }
        if let unfitness = fitness.unfitnessToRead { throw .unfit(unfitness) }
        adopt(fitness)
    }

    private func adopt(_ fitness: Fitness) {
        storedSecret = fitness.secret
        storedMarker = fitness.marker
    }

    public var isUsable: Bool {
        client.isUsable
    }

    /// Why the store cannot be used; nil while it can, and before the first attempt to connect has failed.
    public var unusableReason: String? {
        client.unusableReason
    }

    public var counters: StoreCounters {
        StoreCounters(client.counters)
    }

    /// Calls `handler` on each change of the connection: with nil when it becomes usable, else with the reason.
    public func onChange(_ handler: @escaping @LoopActor (String?) -> Void) {
        client.onChange = handler
    }

    /// Waits until the first attempt to connect has succeeded or failed.
    public func firstAttempt() async {
        await client.attempt()
    }

    public func close() async {
        await client.close()
    }

    // MARK: Looking again

    /// Finds out whether the store answers, and is the one that was admitted, right now.
    ///
    /// If it is not, because it was emptied, installed anew or demoted, the connection is replaced.
    public func check() async throws(StoreError) {
        guard isUsable, let storedMarker else { throw .unreachable }
        let reason: Unfitness
        do throws(RedisError) {
            let replies = try await client.send([
                Library.probe, .reading("HMGET", Keys.schema, "version", "instance"), .reading("ROLE"),
            ])
            let isSame = replies[1][0].integer == Keys.schemaVersion && replies[1][1].is(storedMarker.instance)
            if isSame && replies[2][0].is("master") { return }
            reason = isSame ? .isReplica : replies[1][0].isNull ? .isNotInstalled : .isAnotherStore
        } catch .overloaded {
            throw .overloaded
        } catch .rejected(.functionMissing) {
            // As without the marker: the store is gone.
            reason = .isNotInstalled
        } catch {
            throw .unreachable
        }
        client.renew(because: reason.description)
        throw .unreachable
    }

    /// Has the Redis checked soon: it may be demoted or emptied without ending the connection.
    private func lookAgainSoon() {
        guard let lookInterval, nextLook == nil else { return }
        nextLook = Timer(after: lookInterval) { [weak self] in
            LoopActor.start {
                self?.nextLook = nil
                // What it finds, it has acted on; the next command meets it.
                try? await self?.check()
            }
        }
    }

    // MARK: Commands

    /// Whether this many commands leave room for others, see ``RedisClient/hasRoom(for:)``.
    func hasRoom(for count: Int) -> Bool {
        client.hasRoom(for: count)
    }

    func send(_ command: Command) async throws(StoreError) -> Reply {
        lookAgainSoon()
        do throws(RedisError) {
            return try await client.send(command)
        } catch {
            throw StoreError(error, isRead: command.isHarmlessToRepeat)
        }
    }

    func send(_ commands: [Command]) async throws(StoreError) -> [Reply] {
        lookAgainSoon()
        do throws(RedisError) {
            return try await client.send(commands)
        } catch {
            throw StoreError(error, isRead: commands.allSatisfy(\.isHarmlessToRepeat))
        }
    }

    /// Applies a change to the store that was admitted.
    ///
    /// - Throws: ``StoreError/unreachable`` if it is another store now; then nothing was written.
    func apply(_ commit: Commit) async throws(StoreError) -> Commit.Outcome {
        let reply = try required(try await send(commit.command(on: try marker())))
        guard let outcome = commit.outcome(reply) else { throw .damaged }
        return outcome
    }

    /// Draws numbers for new works, ascending, together with the present time; unused numbers leave a harmless gap.
    func draw(_ count: Int) async throws(StoreError) -> (numbers: Range<Int>, now: Timestamp) {
        let command = DrawScript.draw(count, on: try marker())
        for _ in 0..<Retry.attemptsMax {
            let reply = try required(try await send(command))
            guard reply.count == 3 else { throw .damaged }
            guard let last = reply[2].integer else { continue }
            guard (count...Keys.numberMax).contains(last) else { throw .damaged }
            return (last - count + 1..<last + 1, try Self.timestamp(reply))
        }
        throw .contention
    }

    /// Returns the reply of a function, unless it has found another store.
    private func required(_ reply: Reply) throws(StoreError) -> Reply {
        guard Marker.isRefused(by: reply) else { return reply }
        client.renew(because: Unfitness.isAnotherStore.description)
        throw .unreachable
    }

    /// The marker of the store that this is, or was last, connected to.
    func marker() throws(StoreError) -> Marker {
        guard let storedMarker else { throw .unreachable }
        return storedMarker
    }

    /// Reads the store's clock.
    ///
    /// All workers go by this clock, so that they agree on order (https://redis.io/commands/time).
    static let time = Command.reading("TIME")

    /// The present time of the store's clock.
    func now() async throws(StoreError) -> Timestamp {
        try Self.timestamp(try await send(Self.time))
    }

    /// The time in a reply to ``time``.
    static func timestamp(_ reply: Reply) throws(StoreError) -> Timestamp {
        guard reply.count >= 2, let seconds = reply[0].integer, let microseconds = reply[1].integer else {
            throw .damaged
        }
        return Timestamp(milliseconds: seconds * 1000 + microseconds / 1000)
    }

    // MARK: Signing

    /// The secret of the store that this is, or was last, connected to.
    func secret() throws(StoreError) -> SecretKey {
        guard let storedSecret else { throw .unreachable }
        return storedSecret
    }

    /// The text of a cursor that continues after `position`, in the list that `scope` names; see ``Cursor``.
    public func cursor(after position: Position, in scope: String) throws(StoreError) -> String {
        Cursor(position: position).text(for: scope, key: try secret())
    }

    /// The position of a cursor that was made for this scope.
    public func position(ofCursor text: String, in scope: String) throws(StoreError) -> Position {
        try Cursor(text: text, for: scope, key: try secret()).position
    }

    /// The idempotency key of a request that a client may repeat; `text` is its `Idempotency-Key`.
    ///
    /// Keys of different paths are independent; two requests with one key are compared by the bytes of their bodies.
    public func idempotencyKey(_ text: String, path: String, body: [UInt8]) throws(StoreError) -> IdempotencyKey {
        IdempotencyKey(text, path: path, body: body, secret: try secret())
    }
}

extension StoreError {
    /// - Parameters:
    ///   - error: the error from Redis or its connection.
    ///   - isRead: whether the command only reads, so that it cannot have changed anything.
    init(_ error: RedisError, isRead: Bool) {
        switch error {
        case .disconnected: self = .unreachable
        case .overloaded: self = .overloaded
        case .connectionLost: self = isRead ? .unreachable : .silent
        case .timedOut: self = .silent
        case .rejected(let rejection):
            switch rejection {
            case .unavailable, .readOnly, .functionMissing: self = .unreachable
            case .full(let words): self = .full(words)
            case .forbidden(let words), .misconfigured(let words), .other(let words): self = .rejected(words)
            }
        }
    }
}
