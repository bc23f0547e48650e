import TestSupport
import Testing

/// The service under a name and an address, another site, and a browser.
struct BrowserScene: Sendable {
    let stack: Stack
    let browser: Browser
    /// A work with a task, which somebody might want to change.
    let work: WorkAnswer
    /// A work in the trash.
    let deletedWork: WorkAnswer
    let servicePort: String
    /// Every name at this port is a page of another site.
    let foreignPort: String

    var serviceByName: String { "http://works.test:\(servicePort)" }
    var serviceByAddress: String { "http://127.0.0.1:\(servicePort)" }

    static func with(allowing hosts: [String] = [], _ test: @Sendable (BrowserScene) throws -> Void) async throws {
        let site = try SocketAddress.freePort()
        let foreignPort = port(of: site)
        var options = Stack.Options()
        options.nginxSettings = ["WORKS_HOSTS": "works.test"]
        if !hosts.isEmpty {
            let origins = hosts.map { "http://\($0):\(foreignPort)" }.joined(separator: ",")
            options.workerSettings["WORKS_ORIGINS"] = origins
        }
        try await Stack.with(options) { stack in
            let home = try ScratchDirectory()
            let server = try foreignSite(at: site, in: home)
            defer { server.stop() }
            let browser = try Browser(in: stack.directory)
            defer { browser.close() }
            let work = try stack.client.create()
            _ = try stack.client.createTask(of: work, ["status": 1])
            let deletedWork = try stack.client.create()
            try stack.client.delete(deletedWork)
            try test(
                Self(
                    stack: stack,
                    browser: browser,
                    work: work,
                    deletedWork: deletedWork,
                    servicePort: try port(of: stack.nginx.address),
                    foreignPort: foreignPort
                )
            )
        }
    }

    /// Serves an empty page under every name.
    private static func foreignSite(at address: SocketAddress, in directory: ScratchDirectory) throws -> NginxServer {
        let configuration = try directory.write(
            "nginx.conf",
            """
            pid \(directory.file("nginx.pid"));
            events {}
            http {
                access_log off;
                client_body_temp_path \(directory.file("body"));
                proxy_temp_path \(directory.file("proxy"));
                fastcgi_temp_path \(directory.file("fastcgi"));
                uwsgi_temp_path \(directory.file("uwsgi"));
                scgi_temp_path \(directory.file("scgi"));
                server {
                    listen \(address);
                    location / {
                        default_type text/html;
                        return 200 '<!doctype html><title>Another site</title><body></body>';
                    }
                }
            }
            """
        )
        return try NginxServer(in: directory, configuration: configuration, address: address)
    }

    private static func port(of address: SocketAddress) -> String {
        String(address.description.split(separator: ":").last ?? "")
    }

    /// Lets the open page try it.
    ///
    /// The script is given the addresses of the service and the bodies that it accepts there.
    func run(_ way: ForeignWrite, to service: String) throws {
        let given: Value = [
            "works": .string("\(service)/api/v1/works"), "work": .string(service + work.path),
            "tasks": .string("\(service)\(work.path)/tasks"),
            "restore": .string("\(service)\(deletedWork.path)/restore"),
            // The sign divides the name of a form's field from its value.
            "draft": .string(draft(["description": "a = b"]).description), "run": #"{"status":1}"#,
        ]
        _ = try browser.run(way.script, given: given)
    }

    /// Expects that the service refuses the request, or that the browser does not even send it.
    func expectRefused(_ way: ForeignWrite, to service: String, from page: String) throws {
        let before = try refusals()
        if way.reachesService {
            try run(way, to: service)
            try eventually("\(way.name) from \(page) to \(service) is refused") { try refusals() == before + 1 }
        } else {
            #expect(throws: Browser.ScriptFailed.self, "\(way.name) from \(page)") { try run(way, to: service) }
            #expect(try refusals() == before, "the preflight of \(way.name) tells the browser not to send it")
        }
    }

    /// How many requests the workers have refused as those of foreign pages.
    func refusals() throws -> Int {
        try stack.workers.reduce(0) { sum, worker in
            let metrics = try worker.client.call("GET", "/metrics").text
            let counts = metrics.matches(of: #/works_http_requests_total\{[^}]*code="403100"[^}]*\} (\d+)/#)
            return sum + counts.reduce(0) { $0 + (Int($1.1) ?? 0) }
        }
    }

    /// Everything in the store.
    func export() throws -> String {
        let (ending, output) = try stack.worksctl("export")
        #expect(ending == .exited(0), "\(output)")
        return output
    }
}
