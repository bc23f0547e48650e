/// A real browser without a window: Debian's Chromium, driven over WebDriver (https://www.w3.org/TR/webdriver2/).
///
/// Every name below `.test` is this machine for it, so that a test can use host names: a browser treats pages under
/// names differently from those under loopback addresses.
package final class Browser: Sendable {
    private let driver: Child
    private let client: Client
    private let session: String

    package init(in directory: ScratchDirectory) throws {
        let address = try SocketAddress.freePort()
        let port = address.description.split(separator: ":").last ?? ""
        driver = try Child(
            "chromedriver",
            try Tools.system("chromedriver"),
            ["--port=\(port)"],
            environment: ["HOME": directory.path, "TMPDIR": directory.path],
            log: directory.file("chromedriver.log")
        )
        // Starting the browser is the slowest call by far.
        let client = Client(address, patience: .seconds(60))
        self.client = client
        try eventually("chromedriver is ready; it wrote:\n\(driver.output())") { [driver] in
            guard driver.isRunning else { throw Missing("chromedriver ended:\n\(driver.output())") }
            return try client.call("GET", "/status").json["value"]["ready"] == true
        }
        let options: Value = [
            "binary": .string(try Tools.system("chromium")),
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--host-resolver-rules=MAP *.test 127.0.0.1", .string("--user-data-dir=\(directory.file("profile"))"),
            ],
        ]
        let wanted: Value = ["capabilities": ["alwaysMatch": ["goog:chromeOptions": options]]]
        let answer = try client.call("POST", "/session", wanted)
        guard let session = answer.json["value"]["sessionId"].string else { throw Missing("no session:\n\(answer)") }
        self.session = session
    }

    /// Opens a page and waits until it is loaded.
    package func open(_ url: String) throws {
        _ = try command("url", ["url": .string(url)])
    }

    /// Runs a script in the page.
    ///
    /// - Parameters:
    ///   - body: the body of an `async` function with the parameter `given`.
    ///   - given: its argument.
    /// - Returns: the value that the function's promise is fulfilled with.
    /// - Throws: ``ScriptFailed`` with the reason if the promise is rejected.
    package func run(_ body: String, given: Value = .null) throws -> Value {
        let script = """
            const [given, done] = arguments;
            (async () => { \(body) })().then(value => done({ value }), reason => done({ reason: String(reason) }));
            """
        let outcome = try command("execute/async", ["script": .string(script), "args": [given]])
        if let reason = outcome["reason"].string { throw ScriptFailed(reason: reason) }
        return outcome["value"]
    }

    /// The promise of a script was rejected.
    package struct ScriptFailed: Error {
        package let reason: String
    }

    /// Ends the browser.
    package func close() {
        _ = try? client.call("DELETE", "/session/\(session)")
        driver.stop()
    }

    private func command(_ name: String, _ parameters: Value) throws -> Value {
        let answer = try client.call("POST", "/session/\(session)/\(name)", parameters)
        guard answer.status == 200 else { throw Missing("\(name):\n\(answer)") }
        return answer.json["value"]
    }
}
