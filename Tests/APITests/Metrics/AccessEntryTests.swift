import HTTP
import Loop
import TestSupport
import Testing

@testable import API

/// The entry in the access log for each request.
@Suite struct AccessEntryTests {
    @Test func eachRequestGivesOneEntry() async throws {
        try await withService { api in
            let log = await api.log()
            let work = try await api.create()
            let read = try await api.call(.get, path(of: work)) { request in
                request.id = "reading"
                request.client = "10.0.0.7"
            }
            let entries = await log.entries
            #expect(entries.count == 2)
            let entry = try #require(entries.last)
            #expect(entry.method == .get)
            #expect(entry.route == "/api/v1/works/:work_id")
            #expect(entry.status == 200)
            #expect(entry.code == 0)
            #expect(entry.bodyByteCount == read.body.count)
            #expect(entry.requestID == "reading")
            #expect(entry.client == "10.0.0.7" && entries.first?.client == nil)
            #expect((0..<10_000_000).contains(entry.microseconds))
        }
    }

    @Test(arguments: [
        (Method.get, "/api/v1/works/none", "/api/v1/works/:work_id", 404_101),
        (.get, "/api/v1/works/b!d", "/api/v1/works/:work_id", 400_104),
        (.other, "/api/v1/works/search", "/api/v1/works/search", 405_100),
        (.get, "/nope/secret", "none", 404_100),
    ])
    func aFailureIsLoggedWithItsCode(method: Method, target: String, route: String, code: Int) async throws {
        try await withService { api in
            let log = await api.log()
            _ = try await api.call(method, target)
            let entry = try #require(await log.entries.first)
            #expect(entry.route == route)
            #expect(entry.status == code / 1000)
            #expect(entry.code == code)
        }
    }

    @Test func whatHasNoBodyIsLoggedWithoutBytes() async throws {
        try await withService { api in
            let work = try await api.create()
            let log = await api.log()
            _ = try await api.call(.head, path(of: work))
            _ = try await api.call(.get, path(of: work)) { $0.fields.ifNoneMatch = #""1""# }
            let entries = await log.entries
            #expect(entries.map(\.bodyByteCount) == [0, 0])
            #expect(entries.map(\.status) == [200, 304])
        }
    }

    @Test func theTimeCountsFromTheArrival() async throws {
        try await withService { api in
            let log = await api.log()
            _ = try await api.call(.get, "/livez") { $0.arrival = .now - .milliseconds(1500) }
            let entry = try #require(await log.entries.first)
            #expect((1_500_000..<11_500_000).contains(entry.microseconds))
        }
    }
}

/// Keeps what is logged.
@LoopActor private final class AccessLog {
    private(set) var entries: [AccessEntry] = []

    func keep(_ entry: AccessEntry) {
        entries.append(entry)
    }
}

extension ServiceUnderTest {
    @LoopActor fileprivate func log() -> AccessLog {
        let log = AccessLog()
        service.onAnswer = { log.keep($0) }
        return log
    }
}
