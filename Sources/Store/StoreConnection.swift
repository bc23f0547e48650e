package import Loop
package import Redis
package import Secrets
package import Works

/// The connection to the store, opened to a store that is fit to serve and only to one.
///
/// This is the border where ``RedisError`` becomes ``Failure``.
@LoopActor package final class StoreConnection {
    private let secretHolder: SecretHolder

    /// The secret of the store, which all workers share: it signs cursors and keys fingerprints.
    ///
    /// Each new connection reads it, since a store may have been set up anew.
    private final class SecretHolder {
        var secret: SecretKey?
    }
    private let client: RedisClient

    /// Connects to `address`, now and whenever the connection is lost.
    package init(_ address: RedisAddress, limits: RedisLimits = RedisLimits()) {
        let holder = SecretHolder()
        secretHolder = holder
        client = RedisClient(to: address, limits: limits) { candidate throws(RedisError) in
            try await Self.inspect(candidate, keeping: holder)
        }
        client.start()
    }

    /// Takes a connection that has been shown to be to a store with this secret, see ``secret(of:)``.
    package init(over client: RedisClient, secret: SecretKey) {
        secretHolder = SecretHolder()
        secretHolder.secret = secret
        self.client = client
    }

    package var isUsable: Bool {
        client.isUsable
    }

    /// Why the store cannot be used, for the log.
    package var problem: String? {
        client.unusableReason
    }

    package var counters: RedisCounters {
        client.counters
    }

    /// Called with each change of the client: nil when it has become usable, else why it is not.
    package func onChange(_ handler: @escaping @LoopActor (String?) -> Void) {
        client.onChange = handler
    }

    /// Waits until the first attempt to connect has succeeded or failed.
    package func firstAttempt() async {
        await client.attempt()
    }

    package func close() async {
        await client.close()
    }

    /// The secret of the store that the worker is or was last connected to.
    package func signingKey() throws(Failure) -> SecretKey {
        guard let secret = secretHolder.secret else { throw .storageUnreachable }
        return secret
    }

    /// Finds out whether the store answers, and is fit to serve, right now.
    ///
    /// A store that has been emptied under us is not; it is used again once it has been installed.
    package func check() async throws(Failure) {
        guard isUsable else { throw .storageUnreachable }
        let replies: [Reply]
        do throws(Failure) {
            replies = try await send([PageScript.probe, Command.reading("EXISTS", Keys.schema)])
        } catch {
            throw error == .overloaded ? error : .storageUnreachable
        }
        guard replies[1].integer == 1 else {
            client.renew(because: "the store is not installed any more")
            throw .storageUnreachable
        }
    }

    // MARK: Commands

    /// Whether so many commands leave room for others, see ``RedisClient/hasRoom(for:)``.
    func hasRoom(for count: Int) -> Bool {
        client.hasRoom(for: count)
    }

    func send(_ command: Command) async throws(Failure) -> Reply {
        do throws(RedisError) {
            return try await client.send(command)
        } catch {
            throw Failure(error, isRead: command.isHarmlessToRepeat)
        }
    }

    func send(_ commands: [Command]) async throws(Failure) -> [Reply] {
        do throws(RedisError) {
            return try await client.send(commands)
        } catch {
            throw Failure(error, isRead: commands.allSatisfy(\.isHarmlessToRepeat))
        }
    }

    func apply(_ commit: Commit) async throws(Failure) -> Commit.Outcome {
        let reply = try await send(commit.command)
        guard let outcome = commit.outcome(reply) else { throw .internalError }
        return outcome
    }

    /// The command that reads the store's clock, and its answer.
    ///
    /// All workers go by this clock, so that they agree on order (https://redis.io/commands/time).
    static let time = Command.reading("TIME")

    static func timestamp(_ reply: Reply) throws(Failure) -> Timestamp {
        guard reply.count == 2, let seconds = reply[0].integer, let microseconds = reply[1].integer else {
            throw .internalError
        }
        return Timestamp(milliseconds: seconds * 1000 + microseconds / 1000)
    }

    // MARK: Fitness

    /// The secret of a store that has this schema and the library; nil if it has not.
    package static func secret(of client: RedisClient) async throws(RedisError) -> SecretKey? {
        let marker = try await client.send(Command.reading("HMGET", Keys.schema, "version", "cursor_key"))
        guard marker[0].integer == Keys.schemaVersion else { return nil }
        do throws(RedisError) {
            _ = try await client.send(PageScript.probe)
            return marker[1].string.flatMap(SecretKey.init(hex:))
        } catch .rejected(.functionMissing) {
            return nil
        }
    }

    /// Refuses a replica, a store without our schema and library or with a newer schema, and one that would throw works
    /// away when it is full.
    ///
    /// Returns why it is refused, or nil; `holder` then has the store's secret.
    private static func inspect(
        _ candidate: Candidate,
        keeping holder: SecretHolder
    ) async throws(RedisError) -> String? {
        let replies = try await candidate.send([
            Command("ROLE"),
            Command("HMGET", Keys.schema, "version", "cursor_key"),
            Command("INFO", "memory"),
            PageScript.probe,
        ])
        guard replies[0][0].is("master") else { return "this Redis is a replica" }
        guard let version = replies[1][0].integer, let secret = replies[1][1].string.flatMap(SecretKey.init(hex:))
        else {
            return "the store is not installed; run worksctl install"
        }
        guard version == Keys.schemaVersion else {
            return "the store has schema \(version), this worker serves schema \(Keys.schemaVersion)"
        }
        guard replies[2].string?.contains("maxmemory_policy:noeviction") == true else {
            return "Redis must have maxmemory-policy noeviction, or it throws works away when full"
        }
        holder.secret = secret
        return nil
    }
}

extension Failure {
    /// What a client is told when Redis does not do what it was asked.
    init(_ error: RedisError, isRead: Bool) {
        switch error {
        case .disconnected: self = .storageUnreachable
        case .overloaded: self = .overloaded
        case .connectionLost: self = isRead ? .storageUnreachable : .storageSilent
        case .timedOut: self = .storageSilent
        case .rejected(let refusal):
            switch refusal {
            case .unavailable, .readOnly, .functionMissing: self = .storageUnreachable
            case .full: self = .storageFull
            case .misconfigured, .other: self = .internalError
            }
        }
    }
}
