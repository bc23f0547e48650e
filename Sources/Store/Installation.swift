public import Loop
public import Redis
import Secrets

/// Prepares a Redis to be the store: installs the function library, and the marker with the schema's version and the
/// secret.
@LoopActor public enum Installation {
    /// Installs the store, or a newer library into it.
    ///
    /// It can be run at any time, even on a store in use: an existing secret and instance are kept.
    ///
    /// - Returns: why this Redis cannot be a store; nil when the store is installed.
    /// - Throws: the error from Redis.
    public static func run(on client: RedisClient) async throws(RedisError) -> Unfitness? {
        let fitness = try await Fitness { commands throws(RedisError) in try await client.send(commands) }
        if let unfitness = fitness.unfitnessToInstall { return unfitness }
        _ = try await client.send([
            Library.load,
            Command("HSETNX", Keys.schema, "cursor_key", SecretKey.randomHex()),
            Command("HSETNX", Keys.schema, "instance", SecretKey.randomHex()),
            Command("HSET", Keys.schema, "version", String(Keys.schemaVersion)),
        ])
        return nil
    }
}
