import HTTP
import Loop
import Redis
import StoreTestSupport
import TestSupport
import Testing

@testable import API
@testable import Store

/// The cause of an internal error is for the operator: it is reported with the request's id, and no client sees it.
@Suite struct InternalErrorTests {
    @Test(arguments: [
        (["SET", "{0}:w:w1", "text"], "Redis refused a command: WRONGTYPE "),
        (["HSET", "{0}:w:w1", "version", "x"], "the stored data, or a reply of Redis, is not valid"),
    ])
    func isReportedWithTheIDOfItsRequest(_ damage: [String], _ words: String) async throws {
        try await withService { api in
            let reports = await api.reports()
            _ = try await api.connection.client.send(Command(damage))
            let answer = try await api.call(.get, "/api/v1/works/w1") { $0.id = "reading" }
            expectRefusal(500_100, answer)
            #expect(!answer.text.contains("WRONGTYPE") && !answer.text.contains("Redis"))
            expectRefusal(404_101, try await api.call(.get, "/api/v1/works/w2"))
            let all = await reports.all
            #expect(all.count == 1 && all[0].hasPrefix("reading: " + words), "\(all)")
        }
    }
}

/// Keeps what is reported.
@LoopActor private final class Reports {
    private(set) var all: [String] = []

    func keep(_ report: String) {
        all.append(report)
    }
}

extension ServiceUnderTest {
    @LoopActor fileprivate func reports() -> Reports {
        let reports = Reports()
        service.onInternalError = { reports.keep("\($0): \($1)") }
        return reports
    }
}
