import Foundation
import Glibc
import TestSupport
import Testing

/// `deploy/rolling-restart` under `deploy/run`: an upgrade under load, and one that goes wrong.
@Suite(.startingProcesses) struct DeployRollingRestartTests {
    @Test func replacesTheWorkersWithoutAFailedRequest() async throws {
        let directory = try ScratchDirectory()
        let service = try DeployedService(in: directory)
        let before = Set(service.processes("works-worker"))
        let load = Load(address: service.address, clients: 4, tolerance: .nothing)
        let clients = try await load.run {
            let restart = try service.rollingRestart()
            #expect(try restart.wait(atMost: .seconds(30)) == .exited(0))
            #expect(restart.output() == "replaced 2 workers\n")
        }
        let after = Set(service.processes("works-worker"))
        #expect(after.count == 2 && after.isDisjoint(with: before))
        try expectNoneFailed(clients, service)
        try service.expectStop()
    }

    @Test func anExecutableThatNeverGetsReadyCostsNoRequest() async throws {
        let directory = try ScratchDirectory()
        let service = try DeployedService(in: directory)
        let before = service.processes("works-worker")
        let program = service.executables + "/works-worker"
        try FileManager.default.removeItem(atPath: program)
        let broken = "#!/bin/sh\nWORKS_REDIS_URL=unix:///nowhere exec \(try Tools.built("works-worker"))\n"
        try broken.write(toFile: program, atomically: false, encoding: .utf8)
        chmod(program, 0o755)
        let load = Load(address: service.address, clients: 4, tolerance: .nothing)
        let clients = try await load.run {
            let restart = try service.rollingRestart()
            #expect(try restart.wait(atMost: .seconds(20)) == .exited(69))
            #expect(restart.output().contains("worker 1 did not become ready"))
            // Longer than a worker left behind would need before it takes requests regardless.
            pause(.seconds(3))
        }
        #expect(service.processes("works-worker") == before)
        try expectNoneFailed(clients, service)
        try service.expectStop()
    }

    @Test func redisKilledMeanwhileIsBackAtOnce() async throws {
        let directory = try ScratchDirectory()
        let service = try DeployedService(in: directory)
        pause(.seconds(2))  // a process started a moment ago is not started again at once
        let load = Load(address: service.address, clients: 4, tolerance: .outages)
        let clients = try await load.run {
            let restart = try service.rollingRestart()
            try eventually("the roll is under way") { service.processes("works-worker").count == 3 }
            kill(try #require(service.processes("redis-server").first), SIGKILL)
            try eventually("Redis is back; deploy/run wrote:\n\(service.run.output())", within: .seconds(5)) {
                service.processes("redis-server").count == 1
            }
            #expect(restart.isRunning, "it did not wait for the roll to end")
            #expect(try restart.wait(atMost: .seconds(40)) == .exited(0), "\(restart.output())")
            try service.waitUntilReady()
        }
        for client in clients { try client.expectKept(by: service.client) }
        try service.expectStop()
    }

    private func expectNoneFailed(_ clients: [LoadClient], _ service: DeployedService) throws {
        for client in clients { try client.expectKept(by: service.client) }
        #expect(clients.map(\.outages) == Array(repeating: 0, count: clients.count))
        #expect(clients.map(\.requests).reduce(0, +) > 100)
    }
}
