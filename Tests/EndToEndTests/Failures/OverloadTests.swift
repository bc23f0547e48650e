import TestSupport
import Testing

/// A worker refuses at once what is beyond its limits, and still serves what it has accepted.
@Suite(.startingProcesses) struct OverloadTests {
    @Test(arguments: ["WORKS_REQUESTS_MAX", "WORKS_REDIS_IN_FLIGHT_MAX"])
    func refusesWhatIsBeyondItsLimit(_ setting: String) async throws {
        var options = Stack.Options.oneWorker
        options.hasFaultProxy = true
        options.workerSettings = [setting: "4"]
        try await Stack.with(options) { stack in
            let work = try stack.worker(0).create()
            try stack.proxy.mode = .delay(.milliseconds(200))
            let answers = try await concurrently(16) { _ in try stack.worker(0).call("GET", work.path) }
            let served = answers.filter { $0.status == 200 }
            #expect(served.count >= 4)
            #expect(served.count < 16)
            for answer in answers where answer.status != 200 { expectRefusal(503_103, answer) }
            try stack.proxy.mode = .pass
            #expect(try stack.worker(0).work(work.path).data == work.data)
        }
    }
}
