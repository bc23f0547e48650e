package import Redis
import Store
import Synchronization
import TestSupport

/// The Redis shared by all tests that need only a database.
///
/// Each test has a database of its own.
package enum TestRedis {
    private static let directory = Result { try ScratchDirectory() }
    private static let server = Result {
        try RedisServer(
            in: directory.get(),
            settings: [
                "databases": String(databasesMax), "save": "", "appendonly": "no",
                "set-max-intset-entries": "32768",
            ]
        )
    }
    private static let databasesTaken = Atomic<Int>(0)
    private static let databasesMax = 1024

    /// The secret and the instance of every database; `worksctl install` would have drawn random ones.
    package static let secret = "000102030405060708090a0b0c0d0e0f"
    package static let instance = "f0e0d0c0b0a090807060504030201000"

    /// Generous, because all tests share one Redis and one loop, and most of them start at the same moment.
    package static let patience: RedisLimits = {
        var limits = RedisLimits()
        limits.connectTimeout = .seconds(30)
        limits.commandTimeout = .seconds(60)
        return limits
    }()

    /// A database that no other test uses.
    package static func newDatabase() throws -> RedisAddress {
        LoopThread.start()
        let number = databasesTaken.wrappingAdd(1, ordering: .relaxed).oldValue
        guard number < databasesMax else { throw Missing("a free database; \(databasesMax) are taken") }
        return RedisAddress(.unix(path: try server.get().socket), database: number)
    }

    /// Prepares a database as `worksctl install` does: loads the functions, and writes the marker of the schema.
    package static func install(_ address: RedisAddress, version: Int = Keys.schemaVersion) async throws {
        try await library.value
        let fields = ["version", String(version), "cursor_key", secret, "instance", instance]
        try await send(Command(["HSET", Keys.schema] + fields), to: address)
    }

    /// Functions belong to the whole Redis, so they are loaded once.
    private static let library = Task {
        try await send(Library.load, to: try newDatabase())
    }

    private static func send(_ command: Command, to address: RedisAddress) async throws {
        let connection = await RedisClient(to: address, limits: patience) { _ in nil }
        await connection.start()
        try await until("Redis takes commands") { await connection.isUsable }
        _ = try await connection.send(command)
        await connection.close()
    }
}
