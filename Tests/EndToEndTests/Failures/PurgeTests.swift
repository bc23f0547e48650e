import Foundation
import TestSupport
import Testing

/// Purges of works with many tasks, beside every other write and with workers that are killed.
///
/// No answer denies what was done, and a work is there with all of its tasks or not at all.
@Suite(.startingProcesses) struct PurgeTests {
    private static let id = "w-many"
    private static let path = "/api/v1/works/\(id)"
    private static let taskCount = 1000

    @Test func aWorkIsThereWithAllItsTasksOrNotAtAll() async throws {
        var options = Stack.Options()
        options.hasNginx = false
        try await Stack.with(options) { stack in
            _ = try stack.directory.write("work.ndjson", Self.archive)
            var random = SeededRandom(11)
            var outcomes: [Int: Int] = [:]
            for round in 0..<(3 * rounds) {
                try stack.tool("import < work.ndjson")
                let killed = round % 2 == 1 ? random.pick(stack.workers) : nil
                let delay = Duration.milliseconds(Int.random(in: 0...40, using: &random))
                let (status, tasks) = try await purge(stack, round, killing: killed, after: delay)
                outcomes[status, default: 0] += 1
                try killed?.start()
                try expectAllOrNothing(stack.worker(0), status, tasks)
                try finish(stack, round)
            }
            #expect(outcomes[200] ?? 0 > 0, "\(outcomes)")
        }
    }

    /// Lets a purge run beside other writes; returns its status, 0 without an answer, and how many tasks were added.
    private func purge(
        _ stack: Stack,
        _ round: Int,
        killing killed: Worker?,
        after delay: Duration
    ) async throws -> (status: Int, tasks: Int) {
        let isOver = Protected(false)
        let added = Protected(0)
        let results = try await concurrently(killed == nil ? 2 : 3) { index in
            if index == 0 {
                defer { isOver.withLock { $0 = true } }
                // Now and then with a condition that the other writes make false.
                let headers = round % 3 == 0 ? ["If-Match": "\"1\""] : [:]
                return (try? stack.worker(0).call("DELETE", Self.path + "?purge=true", headers: headers))?.status ?? 0
            }
            if index == 2 {
                pause(delay)
                killed?.kill()
                return 0
            }
            repeat {
                if (try? write(stack.worker(1))) == true { added.withLock { $0 += 1 } }
            } while !isOver.value
            return 0
        }
        return (results[0], added.value)
    }

    /// Sends some write; true if it has added a task.
    private func write(_ client: Client) throws -> Bool {
        switch Int.random(in: 0..<5) {
        case 0: return try client.call("POST", Self.path + "/tasks", ["status": 1]).status == 200
        case 1: _ = try client.call("POST", Self.path + "/restore")
        case 2: _ = try client.call("DELETE", Self.path)
        case 3: _ = try client.call("PATCH", Self.path, ["name": .string(unique())])
        default: _ = try client.call("PATCH", Self.path + "/tasks/t7", ["status": .integer(Int.random(in: 0...7))])
        }
        return false
    }

    /// Expects that the work agrees with the answer to the purge, and has all of its tasks if it is there.
    private func expectAllOrNothing(_ client: Client, _ status: Int, _ added: Int) throws {
        let answer = try client.call("GET", Self.path + "?include_deleted=true")
        if answer.status == 404 {
            expectRefusal(404_101, answer)
            #expect([0, 200, 502, 504].contains(status), "the work is gone, but the purge said \(status)")
            expectRefusal(404_101, try client.call("POST", Self.path + "/restore"))
            return
        }
        #expect(status != 200)
        try expectSuccess(try client.call("POST", Self.path + "/restore"))
        let total = try client.page(Self.path + "/tasks?limit=0").total
        // A task may have been added whose answer was lost.
        #expect(total >= Self.taskCount + added, "after \(status)")
    }

    /// Finishes the purge, by turns in each way there is, and expects that nothing is left.
    private func finish(_ stack: Stack, _ round: Int) throws {
        try stack.expectVerified()
        switch round % 3 {
        case 0: try stack.tool("purge --older-than 365d")
        case 1: try stack.tool("rebuild")
        default: break
        }
        let status = try stack.worker(1).call("DELETE", Self.path + "?purge=true").status
        #expect(status == 200 || status == 404)
        let traces = try stack.redis.command("KEYS", "*\(Self.id)*")
        #expect(traces == .array([]))
    }

    private static var archive: String {
        let tasks = (0..<taskCount).map { number in
            #"{"task_id":"t\#(number)","status":\#(number % 8),"started_at":"2024-01-02T00:00:00Z"}"#
        }
        return """
            {"work_id":"\(id)","user_id":"ann","name":"n","description":null,"type":"BATCH","category":"FLINK_SQL",\
            "created_at":"2024-01-01T00:00:00Z","updated_at":"2024-01-01T00:00:00Z","tasks":[\
            \(tasks.joined(separator: ","))]}
            """
    }
}
