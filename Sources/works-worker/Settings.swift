import API
import Glibc
import HTTP
import HTTPServer
import Program
import Redis

/// The settings of a worker, each from a flag or else from the environment.
struct Settings {
    var listen = ListenAddress.tcp(host: "127.0.0.1", port: 8081)
    var redis = RedisAddress.standard
    var id = "worker-\(getpid())"
    var log = LogFormat.json
    var offsetUnit = ServiceSettings.OffsetUnit.page
    var origins: [Origin] = []
    var drainLimit = Duration.seconds(30)
    var httpLimits = HTTPLimits()
    var redisLimits = RedisLimits()

    /// Reads a command line, without the name of the program, and the environment.
    static func read(
        _ arguments: some Sequence<String>,
        environment: (String) -> String?
    ) throws(Exit) -> Reading<Settings> {
        let arguments = try Arguments(arguments, of: program, flags: options.map(\.flag))
        switch arguments.inquiry {
        case .help: return .print(help)
        case .version: return .print("\(program) \(Program.version)")
        case nil: break
        }
        if let word = arguments.words.first {
            throw .usage("unexpected argument '\(word.quotable)'; see \(program) --help")
        }
        var settings = Settings()
        try arguments.apply(options, environment: environment, to: &settings)
        return .run(settings)
    }

    static let program = "works-worker"

    private static var help: String {
        let defaults = Settings()
        let lines = options.map { "  \($0.flag) \($0.form)\n      \($0.explanation(defaults))" }
        return """
            works-worker serves the works API over HTTP and stores everything in Redis.

            usage: works-worker [--FLAG VALUE]…

            \(lines.joined(separator: "\n"))
              -h, --help, --version

            A flag takes precedence over its environment variable, and a socket passed by the service manager
            (LISTEN_FDS) over --listen.
            """
    }

    static let options: [Option<Settings>] = [
        Option(
            "--listen",
            form: "HOST:PORT | unix:/PATH",
            help: "the address to listen on",
            into: \.listen,
            read: listenAddress
        ),
        .redis(into: \.redis),
        Option(
            "--id",
            form: "NAME",
            help: "the worker's name, sent as X-Worker",
            into: \.id,
            standard: { _ in "worker-PID" },
            read: name
        ),
        .choice("--log", "the format of the access log on standard output", into: \.log),
        Option(
            "--origins",
            form: "ORIGIN,…",
            help: "the origins of other sites whose pages may change works, such as https://tools.corp",
            into: \.origins,
            standard: { _ in "none" },
            read: origins
        ),
        .choice("--offset-unit", "what a list's offset counts", into: \.offsetUnit),
        .seconds(
            "--drain-seconds",
            0...3600,
            "how long to wait for requests in progress when stopping",
            into: \.drainLimit
        ),
        .seconds(
            "--linger-seconds",
            0...3600,
            "when stopping, close idle connections after this long without a request",
            into: \.httpLimits.lingering
        ),
        .seconds(
            "--idle-seconds",
            1...86_400,
            "how long to keep an idle connection; must be longer than nginx does",
            into: \.httpLimits.idleTimeout
        ),
        .seconds(
            "--arrival-seconds",
            1...3600,
            "how long a request may take to arrive completely",
            into: \.httpLimits.arrivalTimeout
        ),
        .number("--connections-max", 1...65_536, "most client connections at once", into: \.httpLimits.connectionsMax),
        .number("--requests-max", 1...65_536, "most requests in progress at once", into: \.httpLimits.requestsMax),
        .milliseconds(
            "--redis-connect-ms",
            1...60_000,
            "milliseconds allowed for connecting to the store",
            into: \.redisLimits.connectTimeout
        ),
        .milliseconds(
            "--redis-command-ms",
            1...60_000,
            "milliseconds to wait for a reply from the store",
            into: \.redisLimits.commandTimeout
        ),
        .number(
            "--redis-in-flight-max",
            1...1_000_000,
            "most commands waiting for the store at once",
            into: \.redisLimits.commandsInFlightMax
        ),
    ].map(\.withVariable)

    @Sendable private static func listenAddress(_ text: String) throws(Exit) -> ListenAddress {
        guard let address = ListenAddress(text) else {
            throw .usage("'\(text.quotable)' is not IP:PORT, localhost:PORT or unix:/PATH")
        }
        return address
    }

    @Sendable private static func origins(_ text: String) throws(Exit) -> [Origin] {
        var origins: [Origin] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = item.split(separator: " ").joined(separator: " ")
            guard let origin = Origin(name) else {
                throw .usage("'\(name.quotable)' is not an origin such as https://tools.corp or http://10.0.0.7:8080")
            }
            origins.append(origin)
        }
        return origins
    }

    @Sendable private static func name(_ text: String) throws(Exit) -> String {
        guard RequestID.accepts(text) else { throw .usage("must be 1 to 128 characters of A-Z a-z 0-9 . _ -") }
        return text
    }
}
