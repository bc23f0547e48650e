import TestSupport
import Testing

/// What pages of other sites can do to the service, in a real browser: nothing.
@Suite(.startingProcesses) struct ForeignPageTests {
    @Test func noPageOfAnotherSiteWrites() async throws {
        try await BrowserScene.with { scene in
            let before = try scene.export()
            for service in [scene.serviceByName, scene.serviceByAddress] {
                // Another site, a neighbour of the service, and a page on another port of its very host.
                for page in ["evil.test", "tools.works.test", "works.test", "127.0.0.1"] {
                    try scene.browser.open("http://\(page):\(scene.foreignPort)/")
                    for way in ForeignWrite.all { try scene.expectRefused(way, to: service, from: page) }
                }
            }
            #expect(try scene.export() == before, "the store is as it was, to the byte")
        }
    }

    /// The same requests from an origin that is allowed, so that the test above cannot pass because nothing is sent.
    @Test func aListedPageWrites() async throws {
        try await BrowserScene.with(allowing: ["evil.test"]) { scene in
            for service in [scene.serviceByName, scene.serviceByAddress] {
                try scene.browser.open("http://evil.test:\(scene.foreignPort)/")
                for way in ForeignWrite.all where way.reachesService && !way.hidesOrigin {
                    try scene.stack.client.delete(scene.deletedWork)
                    let (refusals, export) = (try scene.refusals(), try scene.export())
                    try scene.run(way, to: service)
                    try eventually("\(way.name) is carried out") { try scene.export() != export }
                    #expect(try scene.refusals() == refusals, "\(way.name)")
                }
            }
        }
    }

    @Test func aPageOfTheServiceWrites() async throws {
        try await BrowserScene.with { scene in
            for service in [scene.serviceByName, scene.serviceByAddress] {
                try scene.browser.open("\(service)/livez")
                let answer = try scene.browser.run(
                    "return await (await fetch('/api/v1/works', { method: 'POST', body: given })).json()",
                    given: .string(draft().description)
                )
                #expect(answer["code"] == 0, "\(answer)")
            }
        }
    }

    @Test func noPageOfAnotherSiteReads() async throws {
        try await BrowserScene.with { scene in
            for service in [scene.serviceByName, scene.serviceByAddress] {
                try scene.browser.open("http://evil.test:\(scene.foreignPort)/")
                for path in [scene.work.path, "/api/v1/works", "/openapi.json", "/livez"] {
                    #expect(throws: Browser.ScriptFailed.self, "\(service)\(path)") {
                        _ = try scene.browser.run(
                            "return await (await fetch(given)).text()",
                            given: .string(service + path)
                        )
                    }
                }
            }
        }
    }

    /// A name that its owner makes point to the service: the page, then, is of the service's own origin.
    @Test func aPageUnderAReboundNameNeitherReadsNorWrites() async throws {
        try await BrowserScene.with { scene in
            let before = try scene.export()
            // A health check answers to every name; whatever page there is under that name, this is its origin.
            try scene.browser.open("http://rebind.test:\(scene.servicePort)/livez")
            let requests: [(String, String)] = [
                ("GET", scene.work.path), ("GET", "/api/v1/works"), ("PATCH", scene.work.path),
                ("DELETE", scene.work.path + "?purge=true"), ("POST", "/api/v1/works"), ("GET", "/openapi.json"),
            ]
            for (method, path) in requests {
                let answer = try scene.browser.run(
                    """
                    const body = given.method == 'GET' || given.method == 'DELETE' ? undefined : '{"name":"theirs"}';
                    return await (await fetch(given.path, { method: given.method, body })).json();
                    """,
                    given: ["method": .string(method), "path": .string(path)]
                )
                #expect(answer["code"] == 421_100, "\(method) \(path): \(answer)")
            }
            #expect(try scene.export() == before)
        }
    }
}
