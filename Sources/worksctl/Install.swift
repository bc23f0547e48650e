import Loop
import Redis
import Secrets
import Store

/// Prepares a store: the function library, and the marker with the schema's version and the secret of the cursors.
///
/// Can be run at any time, also on a store in use; what is there already stays.
enum Install: Subcommand {
    static let name = "install"
    static let help = "load the function library and mark the store with its schema; can be repeated"

    @LoopActor static func run(_ invocation: Invocation) async throws(Stop) {
        let client = try await invocation.connect()
        do throws(RedisError) {
            let replies = try await client.send([
                Command("ROLE"),
                Command("INFO", "memory"),
                Command("HGET", Keys.schema, "version"),
            ])
            guard replies[0][0].is("master") else { throw .rejected(.other("this Redis is a replica")) }
            guard replies[1].string?.contains("maxmemory_policy:noeviction") == true else {
                throw .rejected(.other("its maxmemory-policy is not noeviction: it would throw works away when full"))
            }
            if let found = replies[2].integer, found > Keys.schemaVersion {
                throw .rejected(.other("the store has schema \(found), newer than this tool's \(Keys.schemaVersion)"))
            }
            _ = try await client.send([
                Library.load,
                Command("HSETNX", Keys.schema, "cursor_key", SecretKey.randomHex()),
                Command("HSET", Keys.schema, "version", String(Keys.schemaVersion)),
            ])
        } catch {
            throw Stop(error)
        }
        print("installed: library \(Library.name), schema \(Keys.schemaVersion)")
    }
}
