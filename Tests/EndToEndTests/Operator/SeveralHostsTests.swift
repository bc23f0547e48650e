import TestSupport
import Testing

/// The service on several hosts, of which one becomes silent, comes back, and is upgraded.
@Suite(.startingProcesses) struct SeveralHostsTests {
    @Test func aSilentHostCostsNoReadAndNoWriteHappensTwice() async throws {
        try await HostedService.with { service in
            let other = service.hosts[1]
            let traffic = try Traffic(at: service.address)
            var back = ContinuousClock.now
            try await traffic.run {
                try traffic.waitForReads(500)
                try service.network.cutOff(other)
                let cut = ContinuousClock.now
                // The writes that were on their way get their 504 after 30 s.
                try eventually("the writes go on", within: .seconds(45)) {
                    ContinuousClock.now - cut > .seconds(12) && traffic.writesAreUnderWay(since: cut + .seconds(12))
                }
                try traffic.waitForReads(500)
                let settled = ContinuousClock.now
                try traffic.waitForReads(1000)
                traffic.expectNoSlowRead(since: settled)

                back = .now
                try service.network.rejoin(other)
                traffic.forgetWorkers()
                try eventually("the other host serves again", within: .seconds(30)) {
                    traffic.workers.contains(HostedService.worker(of: other))
                }
            }
            traffic.expectNoReadFailed(whileSilentUntil: back)
            try traffic.expectEveryWriteOnce()
            try service.expectVerified()
        }
    }

    @Test func anUpgradeHostByHostCostsNoRequest() async throws {
        try await HostedService.with { service in
            let load = Load(address: service.address, clients: 4, tolerance: .nothing)
            let clients = try await load.run {
                for host in service.hosts {
                    try load.waitForRequests(50)
                    try service.rollingRestart(on: host)
                }
                try load.waitForRequests(50)
            }
            for client in clients { try client.expectKept(by: Client(service.address)) }
            #expect(clients.map(\.outages) == Array(repeating: 0, count: clients.count))
            try service.expectVerified()
        }
    }
}
