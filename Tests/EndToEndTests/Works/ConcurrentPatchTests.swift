import TestSupport
import Testing

/// Workers that change one work at the same time lose no change.
@Suite(.sharingAStack) struct ConcurrentPatchTests {
    /// Changes a work; repeats the request while the service reports contention.
    private func patch(_ client: Client, _ path: String, _ body: Value) throws -> Answer {
        for _ in 0..<200 {
            let answer = try client.call("PATCH", path, body)
            guard answer.code == 409_102 else { return answer }
        }
        throw TimedOut(description: "too much contention for too long")
    }

    @Test func everyFieldHasItsLastValue() async throws {
        let stack = try Shared.stack
        let fields = ["name", "description", "lambda_id", "work_directory", "main_class_name", "java_version"]
        for _ in 0..<rounds {
            let work = try Shared.client.create()
            _ = try await concurrently(fields.count) { index in
                for turn in 1...20 {
                    let change: Value = .object([.init(fields[index], .string("turn \(turn)"))])
                    let data = try expectSuccess(try patch(stack.worker(index), work.path, change))
                    #expect(data[fields[index]] == .string("turn \(turn)"))
                }
            }
            let last = try Shared.client.work(work.path)
            for field in fields { #expect(last.data[field] == "turn 20", "\(field)") }
            #expect(last.etag == "\"\(1 + 20 * fields.count)\"", "each change made one version")
        }
    }

    @Test func aCounterUnderIfMatchCountsEverySuccess() async throws {
        let stack = try Shared.stack
        let work = try Shared.client.create(["name": "0"])
        let successes = try await concurrently(6) { index in
            var count = 0
            while count < 10 {
                let seen = try stack.worker(index).work(work.path)
                let next: Value = ["name": .string(String((Int(seen.data["name"].string ?? "") ?? 0) + 1))]
                let answer = try stack.worker(index + 1).call(
                    "PATCH",
                    work.path,
                    next,
                    headers: ["If-Match": seen.etag]
                )
                if answer.status == 200 { count += 1 } else { #expect([412_100, 409_102].contains(answer.code)) }
            }
            return count
        }
        #expect(successes == Array(repeating: 10, count: 6))
        #expect(try Shared.client.work(work.path).data["name"] == "60")
    }

    @Test func movesBetweenIndexesLeaveOneEntry() async throws {
        let stack = try Shared.stack
        let users = (0..<3).map { _ in unique() }
        let work = try Shared.client.create(["user_id": .string(users[0])])
        _ = try await concurrently(6) { thread in
            var random = SeededRandom(UInt64(thread))
            for _ in 0..<20 {
                switch Int.random(in: 0..<6, using: &random) {
                case 0: _ = try stack.worker(thread).call("DELETE", work.path)
                case 1: _ = try stack.worker(thread).call("POST", work.path + "/restore")
                default:
                    let status = Value.integer(Int.random(in: 0...7, using: &random))
                    let change: Value = ["user_id": .string(random.pick(users)), "status": status]
                    _ = try stack.worker(thread).call("PATCH", work.path, change)
                }
            }
        }
        let last = try expectSuccess(try Shared.client.call("POST", work.path + "/restore"))
        for user in users {
            let expected = last["user_id"] == .string(user) ? [work.id] : []
            #expect(try Shared.client.page("/api/v1/works?user_id=\(user)").ids == expected)
            #expect(try Shared.client.page("/api/v1/works?user_id=\(user)&deleted=only").ids == [])
            for status in 0...7 {
                let page = try Shared.client.page("/api/v1/works?user_id=\(user)&status=\(status)")
                #expect(page.ids == (last["status"] == .integer(status) ? expected : []))
            }
        }
    }

    @Test func tasksOfOneWorkDoNotCollide() async throws {
        let stack = try Shared.stack
        let work = try Shared.client.create()
        let made = try await concurrently(6) { index in
            try (0..<10).map { _ in try stack.worker(index).createTask(of: work, ["status": .integer(index)]).id }
        }
        let page = try Shared.client.page(work.path + "/tasks")
        #expect(Set(page.taskIDs) == Set(made.flatMap { $0 }))
        #expect(page.total == 60)
        #expect(try Shared.client.work(work.path).etag == "\"1\"")
    }
}
