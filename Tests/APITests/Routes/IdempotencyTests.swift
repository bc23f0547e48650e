import HTTP
import TestSupport
import Testing

/// Creating with an `Idempotency-Key`.
@Suite struct IdempotencyTests {
    private static func create(
        _ api: ServiceUnderTest,
        at target: String = "/api/v1/works",
        _ body: Value = someWork,
        key: String
    ) async throws -> Answer {
        try await api.call(.post, target, body) { $0.fields.idempotencyKey = key }
    }

    @Test func aRepeatedRequestIsAnsweredWithTheFirstResult() async throws {
        try await withService { api in
            let first = try await Self.create(api, key: "k")
            #expect(first["Idempotency-Replayed"] == nil)
            _ = try await api.call(.patch, path(of: first.data), ["status": 5])
            let second = try await Self.create(api, key: "k")
            #expect(second.body == first.body)
            #expect(second["Idempotency-Replayed"] == "true")
            #expect(second["Location"] == first["Location"])
            #expect(second["ETag"] == first["ETag"])
            #expect(try await api.call(.get, "/api/v1/works")["X-Total-Count"] == "1")
        }
    }

    @Test func bodiesAreComparedByTheirBytes() async throws {
        try await withService { api in
            _ = try await Self.create(api, key: "k")
            expectRefusal(422_100, try await Self.create(api, someWork.with(["name": "other"]), key: "k"))
            let spaced = Request(method: .post, target: "/api/v1/works", body: Array(" \(someWork)".utf8))
            var request = spaced
            request.fields.idempotencyKey = "k"
            expectRefusal(422_100, try await api.send(request))
        }
    }

    @Test func aKeyBelongsToItsPath() async throws {
        try await withService { api in
            let one = try await api.create()
            let two = try await api.create()
            let draft: Value = ["status": 1, "task_id": "t"]
            for work in [one, two] {
                let answer = try await Self.create(api, at: path(of: work) + "/tasks", draft, key: "k")
                #expect(answer["Idempotency-Replayed"] == nil)
                #expect(answer.data["work_id"] == work["work_id"])
                let again = try await Self.create(api, at: path(of: work) + "/tasks", draft, key: "k")
                #expect(again["Idempotency-Replayed"] == "true")
                #expect(again.body == answer.body)
            }
        }
    }

    @Test func aFailureIsNotRemembered() async throws {
        try await withService { api in
            expectRefusal(400_101, try await Self.create(api, ["name": "n"], key: "k"))
            #expect(try await Self.create(api, key: "k").code == 0)
        }
    }

    @Test func aPurgeForgetsTheKey() async throws {
        try await withService { api in
            let first = try await Self.create(api, key: "k")
            _ = try await api.call(.delete, path(of: first.data) + "?purge=true")
            let second = try await Self.create(api, key: "k")
            #expect(second["Idempotency-Replayed"] == nil)
            #expect(second.data["work_id"] != first.data["work_id"])
        }
    }

    @Test(arguments: ["", "\u{1F}", "\u{7F}", "ü", "a\tb", String(repeating: "k", count: 256)])
    func otherKeysAreRefused(key: String) async throws {
        try await withService { api in
            expectRefusal(400_105, try await Self.create(api, key: key))
            let work = try await api.create()
            expectRefusal(400_105, try await Self.create(api, at: path(of: work) + "/tasks", ["status": 1], key: key))
        }
    }

    @Test(arguments: ["k", " ", "~", "a b", String(repeating: "k", count: 255)])
    func printableKeysAreAccepted(key: String) async throws {
        try await withService { api in
            let first = try await Self.create(api, key: key)
            #expect(try await Self.create(api, key: key).body == first.body)
        }
    }
}
