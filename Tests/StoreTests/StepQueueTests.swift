import Loop
import Redis
import TestSupport
import Testing

@testable import Store

/// Steps that are sent at the same moment.
struct StepQueueTests {
    init() { LoopThread.start() }

    @Test func sendsOneAtATimeInOrder() async throws {
        let crowd = Crowd()
        try await crowd.send(20, each: .milliseconds(1))
        #expect(await crowd.numbers == Array(0..<20))
        #expect(await zip(crowd.ended, crowd.began.dropFirst()).allSatisfy { $0 <= $1 })
        // The first one begins before the others come, and the last one has nobody behind it.
        let crowded = Array(repeating: StepQueue.effortWhileOthersWait, count: 18)
        #expect(await crowd.efforts == [.max] + crowded + [.max])
    }

    /// For four times as long as the step took, up to eight milliseconds.
    @Test(arguments: [1, 2, 20])
    func leavesRedisAloneAfterALongStep(milliseconds: Int) async throws {
        let crowd = Crowd()
        try await crowd.send(2, each: .milliseconds(milliseconds))
        let (began, ended) = await (crowd.began, crowd.ended)
        #expect(began[1] - ended[0] >= min((ended[0] - began[0]) * 4, .milliseconds(8)))
    }

    @Test func goesOnAfterAStepThatFailed() async throws {
        let crowd = Crowd()
        await crowd.fail(0)
        try await crowd.send(3, each: .milliseconds(1))
        #expect(await crowd.numbers == [0, 1, 2])
        #expect(await crowd.errors == [0: .silent])
    }

    @Test func refusesTheStepThatIsOneTooMany() async throws {
        let crowd = Crowd()
        let last = StepQueue.waitingMax + 1
        try await crowd.send(last + 1, each: .microseconds(1))
        #expect(await crowd.numbers == Array(0..<last))
        #expect(await crowd.errors == [last: .overloaded])
    }

    @Test func refusesAStepWhoseTurnComesTooLate() async throws {
        let crowd = Crowd()
        let now = ContinuousClock.now
        try await crowd.send(3, each: .milliseconds(1)) { number in number == 0 ? now + .seconds(60) : now }
        #expect(await crowd.numbers == [0])
        #expect(await crowd.errors == [1: .overloaded, 2: .overloaded])
        try await crowd.send(1, each: .milliseconds(1))
        #expect(await crowd.numbers == [0, 0])
    }
}

/// Sends steps and notes what becomes of them.
@LoopActor private final class Crowd {
    private let queue = StepQueue()
    private var failing: Int?
    private(set) var numbers: [Int] = []
    private(set) var efforts: [Int] = []
    private(set) var began: [ContinuousClock.Instant] = []
    private(set) var ended: [ContinuousClock.Instant] = []
    private(set) var errors: [Int: StoreError] = [:]

    /// Makes the step of this number fail.
    func fail(_ number: Int) { failing = number }

    /// Sends as many steps, each of which takes this long, and waits until all are done or refused.
    func send(
        _ count: Int,
        each duration: Duration,
        by deadline: @escaping @Sendable (Int) -> ContinuousClock.Instant = { _ in .now + .seconds(60) }
    ) async throws {
        var left = count
        for number in 0..<count {
            LoopActor.start { [self] in
                await send(number, taking: duration, by: deadline(number))
                left -= 1
            }
        }
        try await until("all steps are done or refused") { left == 0 }
    }

    private func send(_ number: Int, taking duration: Duration, by deadline: ContinuousClock.Instant) async {
        do throws(StoreError) {
            _ = try await queue.send(by: deadline) { effort throws(StoreError) in
                numbers.append(number)
                efforts.append(effort)
                began.append(.now)
                await Timer.sleep(for: duration)
                ended.append(.now)
                if number == failing { throw .silent }
                return .null
            }
        } catch {
            errors[number] = error
        }
    }
}
