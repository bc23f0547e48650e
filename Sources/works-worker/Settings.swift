import API
import Glibc
import HTTP
import HTTPServer
import Redis

/// The settings of a worker, each from a flag or, without it, from the environment.
struct Settings {
    var listen = ListenAddress.tcp(host: "127.0.0.1", port: 8081)
    var redis = RedisAddress(.tcp(host: "127.0.0.1", port: 6379))
    var id = "worker-\(getpid())"
    var log = LogFormat.json
    var offsetUnit = ServiceSettings.OffsetUnit.page
    var drainLimit = Duration.seconds(30)
    var httpLimits = HTTPLimits()
    var redisLimits = RedisLimits()

    static let version = "1.0.0"

    /// What the command line and the environment come to.
    enum Reading {
        case settings(Settings)
        /// `--help` and `--version`: print this, and be done.
        case print(String)
        case refuse(String)
    }

    /// A setting: how it is named, what it is for, and how it is taken over.
    private struct Option: Sendable {
        let flag: String
        let variable: String
        let form: String
        let help: String
        let take: @Sendable (inout Settings, String) throws(Refusal) -> Void
    }

    private struct Refusal: Error {
        /// What is accepted.
        let sentence: String
    }

    static func read(arguments: [String], environment: (String) -> String?) -> Reading {
        var flags: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--help" { return .print(help) }
            if argument == "--version" { return .print("works-worker \(version)") }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = String(parts[0])
            guard options.contains(where: { $0.flag == flag }) else {
                return .refuse("\(flag) is not a setting; see works-worker --help")
            }
            guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                return .refuse("\(flag) needs a value")
            }
            guard flags.updateValue(value, forKey: flag) == nil else { return .refuse("\(flag) is given twice") }
        }
        var settings = Settings()
        for option in options {
            let name = flags[option.flag] != nil ? option.flag : option.variable
            guard let value = flags[option.flag] ?? environment(option.variable) else { continue }
            do throws(Refusal) {
                try option.take(&settings, value)
            } catch {
                return .refuse("\(name): \(error.sentence)")
            }
        }
        return .settings(settings)
    }

    private static var help: String {
        let lines = options.map { option in
            "  \(option.flag) \(option.form)\n      \(option.help) [\(option.variable)]"
        }
        return """
            works-worker serves the works API over HTTP and keeps everything in Redis.

            usage: works-worker [--FLAG VALUE]…

            \(lines.joined(separator: "\n"))
              --help, --version

            A flag goes before its environment variable. A socket handed over by the service manager (LISTEN_FDS)
            goes before --listen.
            """
    }

    private static let options: [Option] = [
        Option(
            flag: "--listen",
            variable: "WORKS_LISTEN",
            form: "HOST:PORT | unix:/PATH",
            help: "where to listen; default 127.0.0.1:8081"
        ) { settings, text throws(Refusal) in
            guard let address = ListenAddress(text) else {
                throw Refusal(sentence: "'\(text)' is not IP:PORT, localhost:PORT or unix:/path")
            }
            settings.listen = address
        },
        Option(
            flag: "--redis",
            variable: "WORKS_REDIS_URL",
            form: "URL",
            help:
                "the store: redis://[user[:password]@]IP[:port][/db] or unix:///path?db=0; default redis://127.0.0.1:6379/0"
        ) { settings, text throws(Refusal) in
            do throws(RedisAddressError) {
                settings.redis = try RedisAddress(url: text)
            } catch {
                throw Refusal(sentence: error.description)
            }
        },
        Option(flag: "--id", variable: "WORKS_ID", form: "NAME", help: "name shown as X-Worker; default worker-PID") {
            settings,
            text throws(Refusal) in
            guard RequestID.accepts(text) else {
                throw Refusal(sentence: "a name is 1 to 128 of A-Z a-z 0-9 . _ -")
            }
            settings.id = text
        },
        Option(
            flag: "--log",
            variable: "WORKS_LOG",
            form: "json | text | off",
            help: "access log on stdout; default json"
        ) {
            settings,
            text throws(Refusal) in
            guard let format = LogFormat(rawValue: text) else {
                throw Refusal(sentence: "'\(text)' is not json, text or off")
            }
            settings.log = format
        },
        Option(
            flag: "--offset-unit",
            variable: "WORKS_OFFSET_UNIT",
            form: "page | row",
            help: "what a list's offset counts; default page"
        ) { settings, text throws(Refusal) in
            guard let unit = ServiceSettings.OffsetUnit(rawValue: text) else {
                throw Refusal(sentence: "'\(text)' is not page or row")
            }
            settings.offsetUnit = unit
        },
        seconds("drain", "longest wait for requests in progress when stopping", 0...3600, standard: 30) {
            $0.drainLimit = $1
        },
        seconds("linger", "quiet after which a stopping worker gives up idle connections", 0...3600, standard: 3) {
            $0.httpLimits.lingering = $1
        },
        seconds("idle", "how long a connection may rest; more than nginx keeps one", 1...86_400, standard: 75) {
            $0.httpLimits.idleTimeout = $1
        },
        seconds("arrival", "how long a request may take to arrive whole", 1...3600, standard: 60) {
            $0.httpLimits.arrivalTimeout = $1
        },
        count("connections-max", "client connections at the same time", 1...65_536, standard: 4096) {
            $0.httpLimits.connectionsMax = $1
        },
        count("requests-max", "requests in progress at the same time", 1...65_536, standard: 4096) {
            $0.httpLimits.requestsMax = $1
        },
        count("redis-connect-ms", "milliseconds to connect to the store", 1...60_000, standard: 1000) {
            $0.redisLimits.connectTimeout = .milliseconds($1)
        },
        count("redis-command-ms", "milliseconds to wait for the store's answer", 1...60_000, standard: 2000) {
            $0.redisLimits.commandTimeout = .milliseconds($1)
        },
        count("redis-in-flight-max", "commands without an answer at the same time", 1...1_000_000, standard: 4096) {
            $0.redisLimits.commandsInFlightMax = $1
        },
    ]

    private static func seconds(
        _ name: String,
        _ help: String,
        _ range: ClosedRange<Int>,
        standard: Int,
        _ take: @escaping @Sendable (inout Settings, Duration) -> Void
    ) -> Option {
        count(name + "-seconds", help, range, standard: standard) { take(&$0, .seconds($1)) }
    }

    private static func count(
        _ name: String,
        _ help: String,
        _ range: ClosedRange<Int>,
        standard: Int,
        _ take: @escaping @Sendable (inout Settings, Int) -> Void
    ) -> Option {
        let variable = "WORKS_" + name.uppercased().replacing("-", with: "_")
        return Option(flag: "--" + name, variable: variable, form: "N", help: "\(help); default \(standard)") {
            settings,
            text throws(Refusal) in
            guard let number = Int(text), range.contains(number) else {
                throw Refusal(
                    sentence: "'\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)"
                )
            }
            take(&settings, number)
        }
    }
}
