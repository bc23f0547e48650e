import Foundation
import TestSupport
import Testing

/// What operators see: health, metrics, the description of the API, request ids, the log.
@Suite(.sharingAStack) struct OperationTests {
    @Test func isAliveAndReady() throws {
        for client in [try Shared.client, try Shared.stack.worker(0), try Shared.stack.worker(2)] {
            try expectSuccess(try client.call("GET", "/livez"))
            try expectSuccess(try client.call("GET", "/readyz"))
        }
    }

    @Test func namesTheWorker() throws {
        let stack = try Shared.stack
        for (index, worker) in stack.workers.enumerated() {
            #expect(try stack.worker(index).call("GET", "/livez")["X-Worker"] == worker.name)
        }
        let name = try Shared.client.call("GET", "/livez")["X-Worker"] ?? ""
        #expect(stack.workers.map(\.name).contains(name))
    }

    @Test(arguments: ["a", "A-z_0.9", String(repeating: "x", count: 128)]) func keepsTheClientsRequestID(_ id: String)
        throws
    {
        for client in [try Shared.client, try Shared.stack.worker(0)] {
            for path in ["/livez", "/nope", "/api/v1/works?limit=x"] {
                let answer = try client.call("GET", path, headers: ["X-Request-Id": id])
                #expect(answer.all("X-Request-Id") == [id])
            }
        }
    }

    @Test(arguments: ["", "a b", "a/b", "ü", String(repeating: "x", count: 129), "\"", "a,b"])
    func givesANewRequestIDForOthers(_ id: String) throws {
        for client in [try Shared.client, try Shared.stack.worker(0)] {
            let answer = try client.call("GET", "/livez", headers: ["X-Request-Id": id])
            let given = answer["X-Request-Id"] ?? ""
            #expect(given != id)
            #expect(given.wholeMatch(of: #/[A-Za-z0-9._-]{1,128}/#) != nil, "\(given)")
        }
    }

    @Test func givesEachRequestItsOwnID() throws {
        let client = try Shared.client
        let ids = try (0..<20).map { _ in try client.call("GET", "/livez")["X-Request-Id"] }
        #expect(Set(ids).count == 20)
    }

    @Test func countsRequestsByTheirRoute() throws {
        let client = try Shared.stack.worker(1)
        let work = try client.create()
        _ = try client.call("GET", work.path)
        _ = try client.call("GET", "/nope/\(work.id)")
        let answer = try client.call("GET", "/metrics")
        #expect(answer.status == 200)
        #expect(answer["Content-Type"]?.hasPrefix("text/plain") == true)
        #expect(answer["X-Request-Id"] != nil)
        #expect(!answer.text.contains(work.id), "labels name the route, never what a client wrote")
        for line in answer.text.split(separator: "\n") where !line.hasPrefix("#") {
            let sample = #/[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-z_]+="[^"\n]*",?)*\})? [-+0-9.eEInfNa]+/#
            #expect(line.wholeMatch(of: sample) != nil, "\(line)")
        }
        #expect(answer.text.contains("# TYPE"))
        #expect(answer.text.contains("works_id") || answer.text.contains("work_id"), "the route's template")
    }

    @Test func tellsWhatTheProcessUses() throws {
        let worker = try #require(try Shared.stack.workers.first)
        let pid = try #require(worker.child?.pid)
        let limits = try String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8)
        let descriptorsMax = try #require(limits.firstMatch(of: #/Max open files +(\d+)/#)?.1)
        func metric(_ name: String) throws -> Double {
            let text = try worker.client.call("GET", "/metrics").text
            let value = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }?.dropFirst(name.utf8.count + 1)
            return try #require(value.flatMap { Double($0) })
        }
        let before = try metric("process_cpu_seconds_total")
        for _ in 0..<100 { _ = try worker.client.call("GET", "/openapi.json") }
        #expect(try metric("process_cpu_seconds_total") > before)
        #expect(try metric("process_max_fds") == Double(descriptorsMax))
        let directory = "/proc/\(pid)/fd"
        let openMin = try FileManager.default.contentsOfDirectory(atPath: directory).count
        let connections = try (0..<50).map { _ in try HTTPConnection(to: worker.address) }
        for connection in connections { try expectSuccess(connection.call(Call("GET", "/livez"))) }
        // Other tests connect and disconnect meanwhile.
        let open = try metric("process_open_fds")
        #expect(open >= 50 && abs(open - Double(openMin + 50)) < 40, "\(open), \(openMin) before")
        let now = Date.now.timeIntervalSince1970
        let start = try metric("process_start_time_seconds")
        #expect(start <= now && start > now - 3600)
        #expect(try metric("process_start_time_seconds") == start)
    }

    @Test func describesItsAPI() throws {
        let answer = try Shared.client.call("GET", "/openapi.json")
        expectCommonHeaders(answer)
        let description = try Value(parsing: answer.text)
        #expect(description["openapi"].string?.hasPrefix("3.1") == true)
        let paths = description["paths"]
        for path in paths.keys { #expect(path.hasPrefix("/")) }
        #expect(paths["/api/v1/works"].keys.contains("post"))
        #expect(paths["/api/v1/works/search"].keys.contains("get"))
        #expect(Set(["/livez", "/readyz", "/metrics", "/openapi.json"]).isSubset(of: paths.keys))
    }

    @Test func logsEachRequestAsOneLineOfJSON() async throws {
        var options = Stack.Options.oneWorker
        options.workerSettings = ["WORKS_LOG": "json"]
        try await Stack.with(options) { stack in
            let id = unique()
            _ = try stack.worker(0).call("GET", "/api/v1/works/abc", headers: ["X-Request-Id": id])
            stack.workers[0].stop()
            let lines = stack.workers[0].output().split(separator: "\n")
            for line in lines { #expect(throws: Never.self, "\(line)") { try Value(parsing: String(line)) } }
            let own = try #require(lines.first { $0.contains(id) })
            let entry = try Value(parsing: String(own))
            #expect(entry.description.contains("404101"))
            #expect(lines.filter { $0.contains(id) }.count == 1)
        }
    }

    @Test func runsOnOneThread() throws {
        let stack = try Shared.stack
        for index in stack.workers.indices {
            _ = try stack.worker(index).create()
            let pid = try #require(stack.workers[index].child?.pid)
            let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
            #expect(threads.count == 1, "\(stack.workers[index].name)")
        }
    }
}
