import JSON
import Loop
import Redis
import StoreTestSupport
import TestSupport
import Testing
import Works

@testable import Store

/// A Redis that cannot be the store is refused by all programs, for the same reason.
@Suite(.startingProcesses) struct FitnessTests {
    @Test func aReplicaIsRefused() async throws {
        try await withServer { redis, address in
            // An installed store that was demoted, as in a failover.
            try redis.command("REPLICAOF", "127.0.0.1", "1")
            try await expectRefused(address, .isReplica)
            try await expectReadable(address)
        }
    }

    /// A demotion does not end connections, and a worker that only reads would never be refused a write.
    @Test func aPrimaryThatIsDemotedIsNotReadFromForLong() async throws {
        try await withServer { redis, address in
            var limits = TestRedis.patience
            // A read waits this long for another connection.
            limits.commandTimeout = .seconds(5)
            let connection = await StoreConnection(to: address, limits: limits, lookInterval: .milliseconds(50))
            try await until("it is usable") { await connection.isUsable }
            let works = await WorkStore(connection)
            let id = WorkID("w1") ?? .minted()
            await #expect(throws: StoreError.noSuchWork(id)) { try await works.work(id) }
            try redis.command("REPLICAOF", "127.0.0.1", "1")
            try await until("it is not read from") {
                let error = await #expect(throws: StoreError.self) { try await works.work(id) }
                return error == .unreachable
            }
            #expect(await connection.unusableReason?.hasSuffix(Unfitness.isReplica.description) == true)
            try redis.command("REPLICAOF", "NO", "ONE")
            try await until("it is used again") { await connection.isUsable }
            await connection.close()
        }
    }

    /// What frees memory is accepted, also when it is stored together with what is not.
    @Test func aFullStoreAcceptsWhatFreesMemory() async throws {
        try await withServer { redis, address in
            let connection = await StoreConnection(to: address, limits: TestRedis.patience)
            try await until("it is usable") { await connection.isUsable }
            let works = await WorkStore(connection)
            var ids: [WorkID] = []
            for _ in 0..<12 { ids.append(try await works.create([]).id) }
            try redis.command("CONFIG", "SET", "maxmemory", "100kb")
            let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
                for (number, id) in ids.enumerated() {
                    group.addTask {
                        do throws(StoreError) {
                            if number % 2 == 0 {
                                try await works.delete(id)
                            } else {
                                _ = try await works.patch(id, [JSONMember(name: "status", value: .integer(3))])
                            }
                        } catch {
                            if case .full = error, number % 2 == 1 { return false }
                            Issue.record("\(number): \(error)")
                            return false
                        }
                        return true
                    }
                }
                return try await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 6)
            for id in ids { try await works.purge(id) }
            #expect(try redis.command("EXISTS", "{0}:c:", "{0}:d:") == .integer(0))
            await connection.close()
        }
    }

    @Test func anEvictingRedisIsRefused() async throws {
        try await withServer { redis, address in
            try redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
            try await expectRefused(address, .evictsKeys)
            try await expectReadable(address)
        }
    }

    @Test func aNewerSchemaIsRefused() async throws {
        let address = try TestRedis.newDatabase()
        try await TestRedis.install(address, version: Keys.schemaVersion + 1)
        let unfitness = Unfitness.hasOtherSchema(Keys.schemaVersion + 1)
        try await expectRefused(address, unfitness)
        try await withClient(of: address) { client in
            await #expect(throws: StoreError.unfit(unfitness)) { try await StoreConnection(over: client) }
        }
    }

    /// Tools that only read, such as an export, need no primary.
    private func expectReadable(_ address: RedisAddress) async throws {
        try await withClient(of: address) { client in _ = try await StoreConnection(over: client) }
    }

    @Test func anEmptyDatabaseCanOnlyBeInstalled() async throws {
        let address = try TestRedis.newDatabase()
        try await withClient(of: address) { client in
            await #expect(throws: StoreError.unfit(.isNotInstalled)) { try await StoreConnection(over: client) }
            let unfitness = try await Installation.run(on: client)
            #expect(unfitness == nil)
            _ = try await StoreConnection(over: client)
        }
    }

    /// Expects a refusal by the installation and by a worker.
    private func expectRefused(
        _ address: RedisAddress,
        _ unfitness: Unfitness,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await withClient(of: address) { client in
            let found = try await Installation.run(on: client)
            #expect(found == unfitness, sourceLocation: sourceLocation)
        }
        let connection = await StoreConnection(to: address, limits: TestRedis.patience)
        await connection.firstAttempt()
        #expect(await !connection.isUsable, sourceLocation: sourceLocation)
        let reason = await connection.unusableReason
        #expect(reason?.hasSuffix(unfitness.description) == true, "\(reason ?? "")", sourceLocation: sourceLocation)
        await connection.close()
    }

    /// Starts a Redis with an installed store.
    private func withServer(_ body: (RedisServer, RedisAddress) async throws -> Void) async throws {
        let directory = try ScratchDirectory()
        let redis = try RedisServer(in: directory)
        defer { redis.stop() }
        let address = RedisAddress(.unix(path: redis.socket))
        try await withClient(of: address) { client in
            let unfitness = try await Installation.run(on: client)
            #expect(unfitness == nil)
        }
        try await body(redis, address)
    }

    private func withClient(of address: RedisAddress, _ body: (RedisClient) async throws -> Void) async throws {
        LoopThread.start()
        let client = await RedisClient(to: address, limits: TestRedis.patience) { _ in nil }
        await client.start()
        try await until("Redis accepts commands") { await client.isUsable }
        do {
            try await body(client)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }
}
