import Redis
import Testing

@testable import Store

/// Calls of the library's functions by themselves, and of Redis around them.
extension StoreUnderTest {
    /// What a function replies to keys and a query.
    func call(_ function: String, _ keys: [String], _ query: MessagePack) async throws -> Reply {
        try await call(function, keys, argument: query.map)
    }

    func call(_ function: String, _ keys: [String], argument: [UInt8]) async throws -> Reply {
        let call = [Library.commit, Library.free, Library.draw].contains(function) ? "FCALL" : "FCALL_RO"
        var command = Command([call, function, String(keys.count)] + keys)
        command.append(argument)
        return try await redis.send(command)
    }

    /// What `commit` replies to a change.
    func send(_ commit: Commit) async throws -> Reply {
        try await redis.send(commit.command(on: try await connection.marker()))
    }

    /// The sentence of the error that a function replies.
    func rejection(
        _ function: String,
        _ keys: [String],
        argument: [UInt8],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async -> String {
        let error = await #expect(throws: RedisError.self, sourceLocation: sourceLocation) {
            try await call(function, keys, argument: argument)
        }
        guard case .rejected(.other(let sentence)) = error else { return "\(String(describing: error))" }
        return sentence
    }

    /// Runs commands one after the other.
    func run(_ commands: [[String]]) async throws {
        for words in commands { _ = try await redis.send(Command(words)) }
    }

    func expect(
        _ words: String...,
        says expected: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let reply = try await redis.send(Command(words))
        #expect(reply.description == expected, "\(words)", sourceLocation: sourceLocation)
    }
}
