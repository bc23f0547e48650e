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

/// What decides whether a Redis can be the store, read by one pipeline.
struct Fitness {
    /// The commands that read it.
    ///
    /// Whether the functions are installed is found by calling one, see ``PageScript/probe``.
    static let commands = [
        Command("ROLE"), Command("INFO", "memory"), .reading("HMGET", Keys.schema, "version", "cursor_key"),
    ]

    private let isPrimary: Bool
    private let keepsKeys: Bool
    /// Nil if the store is not installed.
    private let schema: Int?
    let secret: SecretKey?

    /// Reads the replies to ``commands``.
    init(_ replies: [Reply]) {
        isPrimary = replies[0][0].is("master")
        keepsKeys = replies[1].string?.contains("maxmemory_policy:noeviction") == true
        schema = replies[2][0].integer
        secret = replies[2][1].string.flatMap(SecretKey.init(hex:))
    }

    /// Why a store cannot be installed here; nil if it can, or is already.
    var unfitnessToInstall: Unfitness? {
        if !isPrimary { return .isReplica }
        if !keepsKeys { return .evictsKeys }
        if let schema, schema > Keys.schemaVersion { return .hasOtherSchema(schema) }
        return nil
    }

    /// Why the store here cannot be used; nil if it can.
    var unfitnessToServe: Unfitness? {
        if let unfitnessToInstall { return unfitnessToInstall }
        guard let schema, secret != nil else { return .isNotInstalled }
        return schema == Keys.schemaVersion ? nil : .hasOtherSchema(schema)
    }
}
