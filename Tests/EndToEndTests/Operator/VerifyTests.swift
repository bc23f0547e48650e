import Foundation
import TestSupport
import Testing

/// The operator's tool prepares a store, and finds every difference between its hashes and its indexes.
@Suite(.startingProcesses) struct VerifyTests {
    @Test func findsNothingWrongInASoundStore() async throws {
        try await Stack.with { stack in
            try stack.expectVerified()
            try stack.client.fillForVerification()
            try stack.expectVerified()
        }
    }

    @Test func findsNothingWrongWhileOthersWrite() async throws {
        try await Stack.with { stack in
            let load = Load(address: try stack.nginx.address, clients: 4, tolerance: .nothing)
            let clients = try await load.run {
                for _ in 0..<rounds { try stack.expectVerified() }
            }
            for client in clients { try client.expectKept(by: try stack.client) }
        }
    }

    @Test func showsItsProgressOnATerminal() async throws {
        try await Stack.with(.oneWorker) { stack in
            try stack.worker(0).fillForVerification()
            let url = Deployment.redisURL("worksadmin", Deployment.operatorPassword, at: stack.redis.socket)
            // script(1) runs a command on a terminal of its own and writes down what appears there.
            let words = ["-q", "-e", "-c", "\(try Tools.built("worksctl")) verify", "/dev/null"]
            let settings = ["WORKS_REDIS_URL": url, "TERM": "xterm"]
            let log = stack.directory.file("terminal")
            let terminal = try Child("script", try Tools.system("script"), words, environment: settings, log: log)
            #expect(try terminal.wait() == .exited(0))
            let output = terminal.output()
            #expect(output.firstMatch(of: #/\rverify \[#*\.*\] \d+% \d+\/\d+ keys, \d+\/s/#) != nil, "\(output)")
            let last = try #require(output.components(separatedBy: "\r\u{1B}[K").last)
            #expect(last.hasPrefix("6 works, 12 tasks, "), "the bar is gone before the result: \(output)")
            #expect(try stack.worksctl("verify").output.hasPrefix("6 works, "), "no bar without a terminal")
        }
    }

    @Test func canPrepareAStoreAgain() async throws {
        try await Stack.with { stack in
            let client = try stack.client
            for _ in 0..<3 { _ = try client.create(["user_id": "u"]) }
            let next = try #require(try client.page("/api/v1/works?limit=1&user_id=u").next)
            try stack.install()
            #expect(try client.page(next).ids.count == 1, "cursors stay valid")
            #expect(try client.page("/api/v1/works").total == 3)
        }
    }

    @Test func refusesAStoreThatIsNotPrepared() async throws {
        var options = Stack.Options.oneWorker
        options.isInstalled = false
        try await Stack.with(options) { stack in
            let (ending, output) = try stack.worksctl("verify")
            #expect(ending != .exited(0), "\(output)")
        }
    }
}
