import Foundation
import Glibc
import TestSupport
import Testing

/// What nginx does when workers take requests and do not answer, or are not there: a read may be tried again, a write
/// that may have arrived never.
@Suite(.waiting) struct SilentWorkerTests {
    /// Takes connections and requests, and never answers.
    private final class SilentWorker {
        let address: SocketAddress
        private let descriptor: Int32

        init(at address: SocketAddress) throws {
            self.address = address
            descriptor = try SocketAddress.listen(at: address)
        }

        deinit { close(descriptor) }

        /// How many requests have arrived since the last call.
        func requests() -> Int {
            var count = 0
            while case let connection = accept(descriptor, nil, nil), connection >= 0 {
                var byte: UInt8 = 0
                if recv(connection, &byte, 1, Int32(MSG_DONTWAIT)) == 1 { count += 1 }
                close(connection)
            }
            return count
        }
    }

    /// Runs a test on the shipped configuration, with shorter times: 1 s for a read, 3 s for everything else, and 2 s
    /// after which no request is tried again; a worker is out for 1 s.
    private func withNginx(before workers: [SocketAddress], _ test: (Client) throws -> Void) throws {
        let directory = try ScratchDirectory()
        let address = try SocketAddress.freePort()
        let names = workers.map { $0.description.replacing("unix:", with: "") }
        let shipped = try Deployment.nginx(in: directory, listen: address, workers: names)
        let text = try String(contentsOfFile: shipped, encoding: .utf8)
            .replacing("proxy_read_timeout 10s;", with: "proxy_read_timeout 1s;")
            .replacing("proxy_read_timeout 30s;", with: "proxy_read_timeout 3s;")
            .replacing("proxy_next_upstream_timeout 15s;", with: "proxy_next_upstream_timeout 2s;")
            .replacing("fail_timeout=10s;", with: "fail_timeout=1s;")
        let configuration = try directory.write("changed.conf", text)
        let nginx = try NginxServer(in: directory, configuration: configuration, address: address)
        defer { nginx.stop() }
        try test(Client(address, keepsConnections: false))
    }

    /// Runs a test with a worker that has no store, and answers whatever needs none.
    private func withWorker(at address: SocketAddress, _ test: (Worker) throws -> Void) throws {
        let directory = try ScratchDirectory()
        let settings = ["WORKS_REDIS_URL": "unix://\(directory.file("none.sock"))"]
        let worker = try Worker("real", at: address, in: directory, settings: settings)
        worker.closeListener()
        try worker.start(untilReady: false)
        try test(worker)
        worker.client.closeConnections()
        #expect(worker.stop() == .exited(0))
    }

    @Test(arguments: [
        ("GET", "/livez", 2), ("HEAD", "/livez", 2), ("OPTIONS", "/livez", 2), ("GET", "/livez?awaits=1&await=1", 2),
        ("GET", "/livez?wait=25", 1), ("GET", "/livez?a=b&wait=25", 1), ("POST", "/livez", 1), ("PATCH", "/livez", 1),
        ("DELETE", "/livez", 1), ("PUT", "/livez", 1),
    ])
    func onlyAReadIsSentAgain(method: String, target: String, times: Int) throws {
        for isUnix in [false, true] {
            let directory = try ScratchDirectory()
            let workers = try (1...2).map { number in
                try SilentWorker(at: isUnix ? .unix(directory.file("\(number).sock")) : .freePort())
            }
            try withNginx(before: workers.map(\.address)) { client in
                let start = ContinuousClock.now
                let answer = try client.call(method, target)
                #expect(answer.status == 504, "\(answer)")
                let took = ContinuousClock.now - start
                #expect(took > (times == 1 ? .seconds(2.5) : .seconds(1.5)), "a request that waits is given its time")
                #expect(workers.map { $0.requests() }.reduce(0, +) == times)
            }
        }
    }

    private func expectWorker(_ client: Client, _ method: String, _ target: String) throws {
        let answer = try client.call(method, target)
        #expect(answer["X-Worker"] == "real", "\(answer)")
    }

    @Test func anotherWorkerAnswersARead() throws {
        let directory = try ScratchDirectory()
        let silent = try SilentWorker(at: .unix(directory.file("silent.sock")))
        try withWorker(at: .unix(directory.file("real.sock"))) { worker in
            try withNginx(before: [silent.address, worker.address]) { client in
                for _ in 1...4 { try expectWorker(client, "GET", "/livez") }
                #expect(silent.requests() > 0)
            }
        }
    }

    /// It was surely not sent, so any worker may have it.
    @Test(arguments: ["GET", "POST", "PATCH"]) func aRequestGoesPastAWorkerThatIsNotThere(method: String) throws {
        try withWorker(at: .freePort()) { worker in
            try withNginx(before: [.freePort(), worker.address]) { client in
                for _ in 1...10 { try expectWorker(client, method, "/livez") }
            }
        }
    }

    @Test func aWorkerThatIsNotThereIsTakenOut() throws {
        try withWorker(at: .freePort()) { worker in
            try withNginx(before: [.freePort(), worker.address]) { client in
                let answers = try (1...10).map { _ in try client.call("DELETE", "/livez") }
                #expect(answers.filter { $0.status == 502 }.count <= 2)
                #expect(answers.suffix(5).allSatisfy { $0["X-Worker"] == "real" })
            }
        }
    }

    @Test func workersThatWereAllOutAreTriedAgain() throws {
        let address = try SocketAddress.freePort()
        try withNginx(before: [address, .freePort()]) { client in
            for _ in 1...10 { expectRefusal(502_100, try client.call("GET", "/livez")) }
            try withWorker(at: address) { _ in
                try eventually("the worker is back", within: .seconds(3)) {
                    try client.call("GET", "/livez")["X-Worker"] == "real"
                }
                for _ in 1...10 { try expectWorker(client, "GET", "/livez") }
            }
        }
    }
}
