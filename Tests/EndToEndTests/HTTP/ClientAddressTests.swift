import TestSupport
import Testing

/// The client's address in the workers' logs, which nobody can forge.
@Suite(.startingProcesses) struct ClientAddressTests {
    @Test func theLogNamesTheClientOfNginxAndOfAPort() async throws {
        var options = Stack.Options(workers: 1, hasPortWorker: true)
        options.workerSettings = ["WORKS_LOG": "json"]
        try await Stack.with(options) { stack in
            let clients = [("nginx", try stack.client, 0), ("port", stack.worker(1), 1)]
            for (id, client, worker) in clients {
                let headers = ["X-Request-Id": id, "X-Real-IP": "10.6.6.6", "X-Forwarded-For": "10.6.6.6"]
                try expectSuccess(try client.call("GET", "/livez", headers: headers))
                let words = #""request_id":"\#(id)","client":"127.0.0.1"}"#
                try eventually("the log has \(words)") { stack.workers[worker].output().contains(words) }
            }
            #expect(!stack.output().contains("10.6.6.6"))
        }
    }
}
