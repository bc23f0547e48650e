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
    /// The secret of the store, which all workers share.
    ///
    /// Each new connection reads it again, since the store may have been reinstalled.
    private var storedSecret: SecretKey?

    /// Connects to `address`, now and whenever the connection is lost.
    public init(to address: RedisAddress, limits: RedisLimits = RedisLimits()) {
        client = RedisClient(to: address, limits: limits)
        client.admit = { [weak self] candidate throws(RedisError) in
            let fitness = try await Fitness { commands throws(RedisError) in try await candidate.send(commands) }
            if let unfitness = fitness.unfitnessToServe { return unfitness.description }
            self?.storedSecret = fitness.secret
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
        let fitness: Fitness
        do throws(RedisError) {
            fitness = try await Fitness { commands throws(RedisError) in try await client.send(commands) }
        } catch {
            throw StoreError(error, isRead: true)
        }
        if let unfitness = fitness.unfitnessToRead { throw .unfit(unfitness) }
        storedSecret = fitness.secret
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

    /// Finds out whether the store answers, and is installed, right now.
    ///
    /// A store that was emptied meanwhile is not; it is used again once it has been reinstalled.
    public func check() async throws(StoreError) {
        guard isUsable else { throw .unreachable }
        do throws(RedisError) {
            let replies = try await client.send([Library.probe, .reading("EXISTS", Keys.schema)])
            if replies[1].integer == 1 { return }
        } catch .overloaded {
            throw .overloaded
        } catch .rejected(.functionMissing) {
            // As without the marker: the store is gone.
        } catch {
            throw .unreachable
        }
        client.renew(because: Unfitness.isNotInstalled.description)
        throw .unreachable
    }

    // MARK: Commands

    /// Whether this many commands leave room for others, see ``RedisClient/hasRoom(for:)``.
    func hasRoom(for count: Int) -> Bool {
        client.hasRoom(for: count)
    }

    func send(_ command: Command) async throws(StoreError) -> Reply {
        do throws(RedisError) {
            return try await client.send(command)
        } catch {
            throw StoreError(error, isRead: command.isHarmlessToRepeat)
        }
    }

    func send(_ commands: [Command]) async throws(StoreError) -> [Reply] {
        do throws(RedisError) {
            return try await client.send(commands)
        } catch {
            throw StoreError(error, isRead: commands.allSatisfy(\.isHarmlessToRepeat))
        }
    }

    func apply(_ commit: Commit) async throws(StoreError) -> Commit.Outcome {
        let reply = try await send(commit.command)
        guard let outcome = commit.outcome(reply) else { throw .damaged }
        return outcome
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
        guard reply.count == 2, let seconds = reply[0].integer, let microseconds = reply[1].integer else {
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
            case .misconfigured(let words), .other(let words): self = .rejected(words)
            }
        }
    }
}
