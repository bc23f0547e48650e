import Loop
import TestSupport
import Testing

@testable import Redis

struct PipelineTests {
    @LoopActor private func outcome(of outcomes: [Result<Reply, RedisError>]) async -> Result<[Reply], RedisError> {
        await withUnsafeContinuation { caller in
            let pipeline = Pipeline(of: outcomes.count, for: caller)
            for outcome in outcomes { pipeline.add(outcome) }
        }
    }

    private func error(of outcomes: [Result<Reply, RedisError>]) async -> RedisError? {
        LoopThread.start()
        guard case .failure(let error) = await outcome(of: outcomes) else { return nil }
        return error
    }

    private let reply = Result<Reply, RedisError>.success(.null)

    @Test func returnsRepliesInOrder() async throws {
        LoopThread.start()
        let replies = try await outcome(of: try (0..<5).map { .success(try Parser.parse(":\($0)\r\n")) }).get()
        #expect(replies.map(\.integer) == [0, 1, 2, 3, 4])
    }

    @Test func throwsTheFirstError() async {
        #expect(
            await error(of: [reply, .failure(.rejected(.full("OOM"))), .failure(.rejected(.readOnly))])
                == .rejected(.full("OOM"))
        )
        #expect(await error(of: [.failure(.connectionLost), .failure(.timedOut)]) == .connectionLost)
    }

    @Test func prefersAnErrorThatLeavesTheOutcomeUnknown() async {
        #expect(await error(of: [.failure(.rejected(.full("OOM"))), .failure(.connectionLost)]) == .connectionLost)
        #expect(await error(of: [.failure(.timedOut), .failure(.rejected(.full("OOM")))]) == .timedOut)
    }

    @Test func reportsDisconnectedOnlyIfNothingWasSent() async {
        let unsent = Result<Reply, RedisError>.failure(.disconnected)
        #expect(await error(of: [unsent, unsent]) == .disconnected)
        #expect(await error(of: [reply, unsent]) == .connectionLost)
        #expect(await error(of: [.failure(.rejected(.full("OOM"))), unsent]) == .connectionLost)
        #expect(await error(of: [.failure(.timedOut), unsent]) == .timedOut)
    }

    @Test func resumesItsCallerOnlyOnce() async {
        LoopThread.start()
        let outcome = await expiring()
        guard case .failure(.timedOut) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @LoopActor private func expiring() async -> Result<[Reply], RedisError> {
        await withUnsafeContinuation { caller in
            let pipeline = Pipeline(of: 2, for: caller)
            pipeline.add(.success(.null))
            pipeline.expire()
            pipeline.add(.success(.null))
        }
    }
}
