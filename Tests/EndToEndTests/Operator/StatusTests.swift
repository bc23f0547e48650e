import TestSupport
import Testing

/// `worksctl status`: a store at a glance, with the rights that the operator and the workers have.
@Suite(.startingProcesses) struct StatusTests {
    /// The values by their names; the lines of a table whose second column begins at one position.
    private func facts(_ output: String) throws -> [String: String] {
        var facts: [String: String] = [:]
        for line in output.split(separator: "\n") where !line.hasPrefix("worksctl: ") {
            let match = try #require(line.wholeMatch(of: #/( *\S+(?: \S+)*)  +(\S.*)/#), "\(line)")
            facts[match.1.trimmingPrefix("  ").description] = String(match.2)
        }
        let starts = output.split(separator: "\n").filter { !$0.hasPrefix("worksctl: ") }
            .compactMap { $0.firstMatch(of: #/\S  +(?=\S)/#)?.range.upperBound.utf16Offset(in: $0) }
        #expect(Set(starts).count == 1, "the values are aligned:\n\(output)")
        return facts
    }

    @Test(arguments: [("worksadmin", Deployment.operatorPassword), ("works", Deployment.workerPassword)])
    func showsAStoreInUse(_ user: String, _ password: String) async throws {
        try await Stack.with(.oneWorker) { stack in
            let client = stack.worker(0)
            for status in [0, 0, 5] { _ = try client.create(["status": .integer(status)]) }
            try client.delete(try client.create())
            try stack.redis.command("CONFIG", "SET", "maxmemory", "1gb")
            let keys = try stack.redis.command("DBSIZE")
            let url = Deployment.redisURL(user, password, at: stack.redis.socket)
            let (ending, output) = try stack.worksctl("status", "--redis", url)
            #expect(ending == .exited(0), "\(output)")
            let facts = try facts(output)
            #expect(facts["store"] == "unix://\(user)@\(stack.redis.socket)?db=0")
            #expect(facts["redis"]?.wholeMatch(of: #/\d+\.\d+\.\d+, primary/#) != nil, "\(output)")
            let memory = #/\d+\.\d MiB of 1\.0 GiB, noeviction/#
            #expect(facts["memory"]?.wholeMatch(of: memory) != nil, "\(output)")
            #expect(facts["append-only file"] == "on, last write ok")
            #expect(facts["schema"] == "1" && facts["library"]?.hasPrefix("works_") == true)
            #expect(facts["works"] == "3" && facts["trash"] == "1")
            for status in 0..<8 {
                #expect(facts["status \(status)"] == (status == 0 ? "2" : status == 5 ? "1" : "0"), "\(output)")
            }
            #expect(facts["usable"] == "yes")
            #expect(try stack.redis.command("DBSIZE") == keys && !output.contains("password"))
        }
    }

    @Test func saysWhyAStoreCannotBeUsed() async throws {
        try await Stack.with(.oneWorker) { stack in
            try stack.redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
            try expectUnusable(stack, "maxmemory-policy must be noeviction")
            try stack.redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction")
            try stack.redis.command("CONFIG", "SET", "maxmemory", "100kb")
            try expectUnusable(stack, "Redis has reached maxmemory and refuses writes")
            try stack.redis.command("CONFIG", "SET", "maxmemory", "0")
            try stack.redis.command("HSET", "{0}:schema", "version", "9")
            let facts = try expectUnusable(stack, "the store has schema 9")
            #expect(facts["schema"] == "9" && facts["works"] == nil)
            try stack.redis.command("FLUSHALL")
            try stack.redis.command("FUNCTION", "FLUSH")
            let empty = try expectUnusable(stack, "the store is not installed; run worksctl install")
            #expect(empty["schema"] == "none" && empty["library"]?.hasSuffix(", not installed") == true)
        }
    }

    @discardableResult
    private func expectUnusable(
        _ stack: Stack,
        _ reason: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [String: String] {
        let (ending, output) = try stack.worksctl("status")
        #expect(ending == .exited(1), "\(output)", sourceLocation: sourceLocation)
        #expect(output.contains("\nworksctl: \(reason)"), "\(output)", sourceLocation: sourceLocation)
        let facts = try facts(output)
        #expect(facts["usable"]?.hasPrefix("no: \(reason)") == true, "\(output)", sourceLocation: sourceLocation)
        return facts
    }

    @Test func saysWhenThereIsNoRedis() async throws {
        try await Stack.with(.oneWorker) { stack in
            let (ending, output) = try stack.worksctl("status", "--redis", "unix:///tmp/no-such-works-socket")
            #expect(ending == .exited(69) && output.hasPrefix("worksctl: the store cannot be reached: "), "\(output)")
        }
    }
}
