import Foundation
import TestSupport
import Testing

/// What requests cost the worker, in its own instructions: numbers that do not depend on how busy the machine is.
///
/// Each is compared with the number recorded here. A change that makes a request cheaper records the new number, so
/// that the gain is kept.
@Suite(.startingProcesses, .enabled(if: Tools.areReleased, "the numbers are those of a release build"))
struct CostTests {
    @Test func matchesTheRecordedNumbers() throws {
        try CountedWorker.with { worker in
            var works: [String] = []
            for number in 0..<20 { works.append(try worker.client.create(Self.fields(number)).path) }
            expect(try worker.instructions(for: "GET", works[0], times: 200), near: 86_000)
            expect(
                try worker.instructions(for: "GET", "/api/v1/works?status=1&run_frequency=daily", times: 100),
                near: 469_000
            )
        }
    }

    /// Every field that a client can set, in texts of usual length.
    private static func fields(_ number: Int) -> Value {
        [
            "lambda_id": .string("5f0c1a7be4d84c6f9a3b2d1e0f9c8b7a"), "name": .string("订单实时同步作业 \(100 + number)"),
            "description": .string("从 MySQL 读取订单数据，清洗后写入 ClickHouse 的 dwd_order_event 表"), "status": 1,
            "work_directory": .string("/data/works/orders"), "main_class_name": .string("com.example.orders.Main"),
            "extra_params": [.string("-Dparallelism=4"), .string("-Denv=prod")], "java_version": .string("11"),
            "run_frequency": .string("daily"),
        ]
    }

    /// Other processors and versions of the C library differ by a few per cent.
    private func expect(_ found: Int, near known: Int, sourceLocation: SourceLocation = #_sourceLocation) {
        let bounds = known * 90 / 100...known * 110 / 100
        #expect(bounds.contains(found), "instructions per request", sourceLocation: sourceLocation)
    }
}

/// A worker whose instructions are counted (https://valgrind.org/docs/manual/cl-manual.html), and its Redis.
private struct CountedWorker {
    let client: Client
    private let process: Child
    private let directory: ScratchDirectory
    private let counts: String

    static func with(_ test: (CountedWorker) throws -> Void) throws {
        let directory = try ScratchDirectory()
        let redis = try Deployment.redis(in: directory, settings: [:])
        let url = Deployment.redisURL("worksadmin", Deployment.operatorPassword, at: redis.socket)
        let log = directory.file("install.log")
        let install = try Child(
            "worksctl",
            try Tools.built("worksctl"),
            ["install"],
            environment: ["WORKS_REDIS_URL": url],
            log: log
        )
        #expect(try install.wait() == .exited(0))
        let worker = try Self(in: directory, on: redis)
        try test(worker)
        worker.client.closeConnections()
        worker.process.stop()
        redis.stop()
    }

    private init(in directory: ScratchDirectory, on redis: RedisServer) throws {
        self.directory = directory
        counts = directory.file("counts")
        let address = SocketAddress.unix(directory.file("worker.sock"))
        process = try Child(
            "valgrind",
            try Tools.system("valgrind"),
            [
                "--tool=callgrind", "--callgrind-out-file=\(counts)", "--vgdb-prefix=\(directory.file("vgdb"))",
                try Tools.built("works-worker"),
            ],
            environment: [
                "WORKS_LISTEN": address.description, "WORKS_LOG": "off",
                "WORKS_REDIS_URL": Deployment.redisURL("works", Deployment.workerPassword, at: redis.socket),
                "SWIFT_DETERMINISTIC_HASHING": "1",
                // A string instruction that clears or copies memory would count once per byte, and the C library uses
                // it on some processors only.
                "GLIBC_TUNABLES": ["stosb", "movsb"].map { "glibc.cpu.x86_rep_\($0)_threshold=1073741824" }
                    .joined(separator: ":"),
            ],
            log: directory.file("worker.log")
        )
        let client = Client(address)
        self.client = client
        try eventually("the worker is ready", within: .seconds(60)) { [process] in
            guard process.isRunning else { throw Missing(process.output()) }
            return try client.call("GET", "/readyz").status == 200
        }
    }

    /// The instructions of one request, averaged over many on one connection.
    func instructions(for method: String, _ target: String, times: Int) throws -> Int {
        // The first requests allocate what the rest reuse.
        for _ in 0..<10 { try expectSuccess(try client.call(method, target)) }
        try tell("zero")
        for _ in 0..<times { try expectSuccess(try client.call(method, target)) }
        let known = try dumps()
        try tell("dump")
        let dump = try #require(try dumps().subtracting(known).first)
        let text = try String(contentsOfFile: dump, encoding: .utf8)
        let total = text.split(separator: "\n").last { $0.hasPrefix("totals:") || $0.hasPrefix("summary:") }
        return try #require(total?.split(separator: " ").last.flatMap { Int($0) }) / times
    }

    private func dumps() throws -> Set<String> {
        let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        return Set(files.map(directory.file).filter { $0.hasPrefix(counts + ".") })
    }

    /// Sends valgrind a command.
    private func tell(_ command: String) throws {
        let words = ["--pid=\(process.pid)", "--vgdb-prefix=\(directory.file("vgdb"))", command]
        let child = try Child("vgdb", try Tools.system("vgdb"), words, log: directory.file("vgdb.log"))
        let ending = try child.wait(atMost: .seconds(30))
        guard ending == .exited(0) else { throw Missing("vgdb: \(ending)\n\(child.output())") }
    }
}

extension Tools {
    /// Whether the programs under test are those of `deploy/test`, a release build.
    fileprivate static var areReleased: Bool { ProcessInfo.processInfo.environment["WORKS_BIN_DIR"] != nil }
}
