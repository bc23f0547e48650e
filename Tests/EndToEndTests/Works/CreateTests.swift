import TestSupport
import Testing

/// Creating a work over HTTP: what is stored and given back.
///
/// `WorksTests` has the rules of every field; here each has one witness.
@Suite(.sharingAStack) struct CreateTests {
    @Test func requiresAName() throws {
        let client = try Shared.client
        let absent = try client.call("POST", "/api/v1/works", draft().without("name"))
        expectRefusal(400_101, absent, saying: "name")
        let null = try client.call("POST", "/api/v1/works", draft(["name": nil]))
        expectRefusal(400_101, null, saying: "name")
    }

    @Test func refusesAValueThatIsNotAccepted() throws {
        let answer = try Shared.client.call("POST", "/api/v1/works", draft(["name": Self.text(256)]))
        expectRefusal(400_101, answer, saying: "name")
    }

    @Test(
        arguments: [
            ("user_id", text(128)), ("name", .string(String(repeating: "😀", count: 255))), ("description", text(4096)),
            ("type", "BATCH"), ("category", "FLNK_JAR"), ("category", "FLINK_JAR"), ("status", 7),
            ("lambda_id", text(128)), ("work_directory", text(1024)), ("main_class_name", text(512)),
            ("java_version", text(32)), ("extra_params", [text(4096)]),
            ("extra_params", .array(Array(repeating: "x", count: 256))), ("extra_params", ["a b", "", "c,d"]),
            ("run_frequency", "weekly"),
        ] as [(String, Value)]
    )
    func storesWhatWasSent(_ field: String, _ value: Value) throws {
        let client = try Shared.client
        let work = try client.create(.object([.init(field, value)]))
        #expect(work.data[field] == value)
        #expect(try client.work(work.path).data == work.data)
    }

    @Test func refusesAnUnknownKey() throws {
        let body = draft(["version": 1])
        expectRefusal(400_102, try Shared.client.call("POST", "/api/v1/works", body), saying: "version")
    }

    @Test func storesNothingWhenRefused() throws {
        let client = try Shared.client
        let user = unique()
        _ = try client.call("POST", "/api/v1/works", draft(["user_id": .string(user), "status": 9]))
        #expect(try client.page("/api/v1/works?user_id=\(user)").total == 0)
    }

    @Test func mintsADifferentIDEachTime() throws {
        let client = try Shared.client
        let ids = try (0..<20).map { _ in try client.create().id }
        #expect(Set(ids).count == 20)
        for id in ids { #expect(id.wholeMatch(of: #/[0-9a-f]{32}/#) != nil) }
    }

    @Test func locatesTheWork() throws {
        let work = try Shared.client.create()
        #expect(work.answer["Location"] == work.path)
        #expect(work.etag == "\"1\"")
    }

    private static func text(_ count: Int) -> Value { .string(String(repeating: "字", count: count)) }
}
