import Foundation
import JSON
import Loop
import Redis
import StoreTestSupport
import TestSupport
import Testing
import Works

@testable import Store

/// A user who lacks a right never serves, and writes nothing by halves.
@Suite(.startingProcesses) struct RightsTests {
    /// The rights of `works` in `deploy/users.acl`.
    private static let rights: [String] = {
        let file = (try? Tools.repositoryFile("deploy/users.acl")).flatMap {
            try? String(contentsOfFile: $0, encoding: .utf8)
        }
        let line = file?.split(separator: "\n").first { $0.hasPrefix("user works ") } ?? ""
        return line.split(separator: " ").filter { $0.hasPrefix("+") }.map { String($0.dropFirst()) }
    }()

    @Test func eachRightIsNeededBeforeTheStoreIsUsed() async throws {
        try await withLimitedUser { redis, address in
            #expect(Self.rights.count > 30)
            #expect(await reason(of: address) == nil)
            for right in Self.rights {
                try redis.command("ACL", "SETUSER", "limited", "-\(right)")
                let reason = await reason(of: address)
                // To log in needs no right.
                #expect((reason == nil) == (right == "auth"), "\(right)")
                if let reason { #expect(reason.lowercased().contains(right), "\(right): \(reason)") }
                try redis.command("ACL", "SETUSER", "limited", "+\(right)")
            }
        }
    }

    /// The user loses the right while the connection is in use.
    @Test(arguments: ["hset", "zadd", "sadd", "expire"])
    func aRightThatIsTakenAwayLaterStopsAllWrites(right: String) async throws {
        try await withLimitedUser { redis, address in
            let connection = await StoreConnection(to: address, limits: TestRedis.patience)
            try await until("it is usable") { await connection.isUsable }
            let works = await WorkStore(connection)
            let key = try await connection.idempotencyKey("key", path: "/", body: [1])
            try redis.command("ACL", "SETUSER", "limited", "-\(right)")
            let error = await #expect(throws: StoreError.self) {
                try await works.create(WorkDraft(Self.members), once: key)
            }
            if case .rejected = error {} else { Issue.record("\(String(describing: error))") }
            try await until("it is not used any more") { await !connection.isUsable }
            let probe = try RedisProbe(to: redis.address)
            try probe.command("SELECT", "1")
            #expect(Set(try probe.command("KEYS", "*").texts).subtracting([Keys.sequence]) == [Keys.schema])
            try redis.command("ACL", "SETUSER", "limited", "+\(right)")
            try await until("it is used again") { await connection.isUsable }
            let creation = try await works.create(WorkDraft(Self.members), once: key)
            #expect(!creation.isReplayed)
            await connection.close()
        }
    }

    private static let members = [
        JSONMember(name: "user_id", value: .string("ann")), JSONMember(name: "name", value: .string("work")),
        JSONMember(name: "description", value: .string("")), JSONMember(name: "type", value: .string("BATCH")),
        JSONMember(name: "category", value: .string("FLINK_SQL")),
    ]

    /// Why a worker does not use the store; nil if it does.
    private func reason(of address: RedisAddress) async -> String? {
        let connection = await StoreConnection(to: address, limits: TestRedis.patience)
        await connection.firstAttempt()
        let reason = await connection.unusableReason
        await connection.close()
        return reason
    }

    /// Starts a Redis with an installed store in database 1, and a user with the rights of `works`.
    private func withLimitedUser(_ body: (RedisServer, RedisAddress) async throws -> Void) async throws {
        LoopThread.start()
        let directory = try ScratchDirectory()
        let redis = try RedisServer(in: directory)
        defer { redis.stop() }
        let operatorAddress = RedisAddress(.unix(path: redis.socket), database: 1)
        let client = await RedisClient(to: operatorAddress, limits: TestRedis.patience) { _ in nil }
        await client.start()
        try await until("Redis accepts commands") { await client.isUsable }
        let unfitness = try await Installation.run(on: client)
        #expect(unfitness == nil)
        await client.close()
        let probe = try RedisProbe(to: redis.address)
        let rules = ["on", ">secret", "resetchannels", "~{0}:*", "-@all"] + Self.rights.map { "+\($0)" }
        try probe.command(["ACL", "SETUSER", "limited"] + rules)
        let address = RedisAddress(.unix(path: redis.socket), user: "limited", password: "secret", database: 1)
        try await body(redis, address)
    }
}
