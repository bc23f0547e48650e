import Loop
import Redis
import Secrets

/// Why a Redis cannot be the store.
public enum Unfitness: Equatable, Sendable, CustomStringConvertible {
    case isReplica
    case evictsKeys
    case isNotInstalled
    case hasOtherSchema(Int)
    /// It was emptied and installed anew, or brought to another layout, while a worker was connected.
    case isAnotherStore
    /// The user may not run these commands.
    case lacksRights([String])

    public var description: String {
        switch self {
        case .isReplica: "this Redis is a replica; use the address of its primary"
        case .evictsKeys: "maxmemory-policy must be noeviction: this Redis would delete works when it is full"
        case .isNotInstalled: "the store is not installed; run worksctl install"
        case .hasOtherSchema(let found):
            "the store has schema \(found), but this program needs schema \(Keys.schemaVersion)"
        case .isAnotherStore: "the store is not the one it was"
        case .lacksRights(let commands):
            "the user may not run \(commands.joined(separator: ", ")) in Redis; compare deploy/users.acl"
        }
    }
}

/// What decides whether a Redis can be the store.
struct Fitness {
    private let isPrimary: Bool
    private let keepsKeys: Bool
    /// Nil if the store is not installed.
    let schema: Int?
    /// The commands that the user may not run; nil if the library is not installed.
    private let missingRights: [String]?
    var hasLibrary: Bool { missingRights != nil }
    /// The secret of the store, if it is installed.
    let secret: SecretKey?
    /// The marker of the store, if it is installed by this version or a later one.
    let marker: Marker?

    /// Reads it; `send` sends commands to the Redis in question, and throws what that says.
    init(
        reading send: @LoopActor ([Command]) async throws(RedisError) -> [Reply]
    ) async throws(RedisError) {
        let replies = try await send([
            Command("ROLE"), Command("INFO", "memory"), Self.readMarker,
        ])
        isPrimary = replies[0][0].is("master")
        keepsKeys = RedisInfo(replies[1].string ?? "")["maxmemory_policy"] == "noeviction"
        schema = replies[2][0].integer
        secret = replies[2][1].string.flatMap(SecretKey.init(hex:))
        marker = replies[2][2].string.map(Marker.init)
        do throws(RedisError) {
            let reply = try await send([Library.missingRights])[0]
            missingRights = (0..<reply.count).compactMap { reply[$0].string }
        } catch .rejected(.functionMissing) {
            missingRights = nil
        }
    }

    private static let readMarker = Command.reading("HMGET", Keys.schema, "version", "cursor_key", "instance")

    /// Why a store cannot be installed here; nil if it can, or is already.
    var unfitnessToInstall: Unfitness? {
        if !isPrimary { return .isReplica }
        if !keepsKeys { return .evictsKeys }
        if let schema, schema > Keys.schemaVersion { return .hasOtherSchema(schema) }
        return nil
    }

    /// Why nothing can be read from a store here; nil if it can, also from a replica.
    var unfitnessToRead: Unfitness? {
        guard let schema else { return .isNotInstalled }
        if schema != Keys.schemaVersion { return .hasOtherSchema(schema) }
        return secret == nil || marker == nil || missingRights == nil ? .isNotInstalled : nil
    }

    /// Why a worker cannot use the store here; nil if it can.
    var unfitnessToServe: Unfitness? {
        if let unfitness = unfitnessToInstall ?? unfitnessToRead { return unfitness }
        return missingRights.flatMap { $0.isEmpty ? nil : .lacksRights($0) }
    }
}
