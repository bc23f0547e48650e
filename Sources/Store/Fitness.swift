import Loop
import Redis
import Secrets

/// Why a Redis cannot be the store.
public enum Unfitness: Equatable, Sendable, CustomStringConvertible {
    case isReplica
    case evictsKeys
    case isNotInstalled
    case hasOtherSchema(Int)

    public var description: String {
        switch self {
        case .isReplica: "this Redis is a replica; use the address of its primary"
        case .evictsKeys: "maxmemory-policy must be noeviction: this Redis would delete works when it is full"
        case .isNotInstalled: "the store is not installed; run worksctl install"
        case .hasOtherSchema(let found):
            "the store has schema \(found), but this program needs schema \(Keys.schemaVersion)"
        }
    }
}

/// What decides whether a Redis can be the store.
struct Fitness {
    private let isPrimary: Bool
    private let keepsKeys: Bool
    /// Nil if the store is not installed.
    let schema: Int?
    let hasLibrary: Bool
    /// The secret of the store, if it is installed.
    let secret: SecretKey?

    /// Reads it; `send` sends commands to the Redis in question, and throws what that says.
    init(
        reading send: @LoopActor ([Command]) async throws(RedisError) -> [Reply]
    ) async throws(RedisError) {
        let replies = try await send([
            Command("ROLE"), Command("INFO", "memory"), .reading("HMGET", Keys.schema, "version", "cursor_key"),
        ])
        isPrimary = replies[0][0].is("master")
        keepsKeys = RedisInfo(replies[1].string ?? "")["maxmemory_policy"] == "noeviction"
        schema = replies[2][0].integer
        secret = replies[2][1].string.flatMap(SecretKey.init(hex:))
        do throws(RedisError) {
            _ = try await send([Library.probe])
            hasLibrary = true
        } catch .rejected(.functionMissing) {
            hasLibrary = false
        }
    }

    /// Why a store cannot be installed here; nil if it can, or is already.
    var unfitnessToInstall: Unfitness? {
        if !isPrimary { return .isReplica }
        if !keepsKeys { return .evictsKeys }
        if let schema, schema > Keys.schemaVersion { return .hasOtherSchema(schema) }
        return nil
    }

    /// Why nothing can be read from a store here; nil if it can, also from a replica.
    var unfitnessToRead: Unfitness? {
        guard let schema, secret != nil, hasLibrary else { return .isNotInstalled }
        return schema == Keys.schemaVersion ? nil : .hasOtherSchema(schema)
    }

    /// Why a worker cannot use the store here; nil if it can.
    var unfitnessToServe: Unfitness? {
        unfitnessToInstall ?? unfitnessToRead
    }
}
