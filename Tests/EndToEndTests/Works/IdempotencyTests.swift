import TestSupport
import Testing

/// `Idempotency-Key`: a request takes effect once, however often and to whichever worker it is sent.
@Suite(.sharingAStack) struct IdempotencyTests {
    private func key(_ key: String) -> [String: String] { ["Idempotency-Key": key] }

    @Test func replaysTheFirstResultOnAnyWorker() throws {
        let client = try Shared.client
        let body = draft()
        let headers = key(unique())
        let first = try client.call("POST", "/api/v1/works", body, headers: headers)
        let work = WorkAnswer(answer: first, data: try expectSuccess(first))
        #expect(first["Idempotency-Replayed"] == nil)
        try client.patch(work, ["name": "changed since"])
        for index in 0..<3 {
            let again = try Shared.stack.worker(index).call("POST", "/api/v1/works", body, headers: headers)
            #expect(again.status == 200)
            #expect(again["Idempotency-Replayed"] == "true")
            #expect(again.body == first.body)
            #expect(again["ETag"] == first["ETag"])
            #expect(again["Location"] == first["Location"])
        }
        #expect(try client.page("/api/v1/works?user_id=\(body["user_id"].string ?? "")").total == 1)
    }

    @Test func refusesAnotherBody() throws {
        let client = try Shared.client
        let headers = key(unique())
        let body = draft()
        try expectSuccess(try client.call("POST", "/api/v1/works", body, headers: headers))
        expectRefusal(422_100, try client.call("POST", "/api/v1/works", body.with(["status": 1]), headers: headers))
        let spaced = try client.call("POST", "/api/v1/works", text: " \(body)", headers: headers)
        expectRefusal(422_100, spaced)
        #expect(try client.page("/api/v1/works?user_id=\(body["user_id"].string ?? "")").total == 1)
    }

    @Test func remembersSuccessesOnly() throws {
        let client = try Shared.client
        let headers = key(unique())
        let bad = draft(["status": 9])
        expectRefusal(400_101, try client.call("POST", "/api/v1/works", bad, headers: headers))
        let good = try client.call("POST", "/api/v1/works", bad.with(["status": 1]), headers: headers)
        try expectSuccess(good)
        #expect(good["Idempotency-Replayed"] == nil)
    }

    @Test func countsPerPath() throws {
        let client = try Shared.client
        let headers = key(unique())
        let one = try client.create(headers: headers)
        let other = try client.create()
        let first = try client.createTask(of: one, ["status": 1], headers: headers)
        let second = try client.createTask(of: other, ["status": 1], headers: headers)
        for task in [first, second] { #expect(task.answer["Idempotency-Replayed"] == nil) }
        let again = try client.createTask(of: one, ["status": 1], headers: headers)
        #expect(again.answer["Idempotency-Replayed"] == "true")
        #expect(again.data == first.data)
        #expect(try client.page(one.path + "/tasks").total == 1)
        #expect(try client.page(other.path + "/tasks").total == 1)
        let reused = try client.call("POST", one.path + "/tasks", ["status": 2], headers: headers)
        expectRefusal(422_100, reused)
    }

    @Test func createsWithoutAKeyEachTime() throws {
        let client = try Shared.client
        let body = draft()
        for _ in 0..<3 { try expectSuccess(try client.call("POST", "/api/v1/works", body)) }
        #expect(try client.page("/api/v1/works?user_id=\(body["user_id"].string ?? "")").total == 3)
    }

    @Test func forgetsWithAPurge() throws {
        let client = try Shared.client
        let headers = key(unique())
        let body = draft()
        let first = try expectSuccess(try client.call("POST", "/api/v1/works", body, headers: headers))
        let path = "/api/v1/works/\(first["work_id"].string ?? "")"
        try expectSuccess(try client.call("DELETE", path + "?purge=true"))
        let again = try client.call("POST", "/api/v1/works", body, headers: headers)
        #expect(try expectSuccess(again)["work_id"] != first["work_id"])
        #expect(again["Idempotency-Replayed"] == nil)
    }

    @Test func replaysWhileTheWorkIsInTheTrash() throws {
        let client = try Shared.client
        let headers = key(unique())
        let body = draft()
        let first = try client.call("POST", "/api/v1/works", body, headers: headers)
        try client.delete(WorkAnswer(answer: first, data: first.data))
        let again = try client.call("POST", "/api/v1/works", body, headers: headers)
        #expect(again.body == first.body)
        #expect(again["Idempotency-Replayed"] == "true")
    }

    @Test func createsOnceWhenWorkersRace() async throws {
        let stack = try Shared.stack
        for _ in 0..<rounds {
            let body = draft()
            let headers = key(unique())
            let answers = try await concurrently(12) { index in
                try stack.worker(index).call("POST", "/api/v1/works", body, headers: headers)
            }
            for answer in answers { try expectSuccess(answer) }
            #expect(Set(answers.map(\.text)).count == 1)
            #expect(answers.filter { $0["Idempotency-Replayed"] == nil }.count == 1)
            #expect(try Shared.client.page("/api/v1/works?user_id=\(body["user_id"].string ?? "")").total == 1)
        }
    }

    @Test func letsOneBodyWinWhenWorkersRace() async throws {
        let stack = try Shared.stack
        for _ in 0..<rounds {
            let body = draft()
            let headers = key(unique())
            let answers = try await concurrently(12) { index in
                let own = body.with(["name": .string("by \(index)")])
                return try stack.worker(index).call("POST", "/api/v1/works", own, headers: headers)
            }
            #expect(answers.filter { $0.status == 200 }.count == 1)
            for answer in answers where answer.status != 200 { expectRefusal(422_100, answer) }
            #expect(try Shared.client.page("/api/v1/works?user_id=\(body["user_id"].string ?? "")").total == 1)
        }
    }

    @Test func acceptsEveryPrintableASCIIKey() throws {
        let client = try Shared.client
        let printable = String(String.UnicodeScalarView((0x21...0x7e).compactMap(Unicode.Scalar.init)))
        for name in [printable + unique(), String(repeating: "k", count: 243) + unique()] {
            let body = draft()
            try expectSuccess(try client.call("POST", "/api/v1/works", body, headers: key(name)))
            let again = try client.call("POST", "/api/v1/works", body, headers: key(name))
            #expect(again["Idempotency-Replayed"] == "true", "\(name)")
        }
    }

    @Test(arguments: [String(repeating: "k", count: 256), "schlüssel", "键", "a\u{1}b"])
    func refusesMalformedKeys(_ name: String) throws {
        let client = try Shared.client
        let work = try client.create()
        expectRefusal(400_105, try client.call("POST", "/api/v1/works", draft(), headers: key(name)))
        expectRefusal(400_105, try client.call("POST", work.path + "/tasks", ["status": 1], headers: key(name)))
        #expect(try client.page(work.path + "/tasks").total == 0)
    }
}
