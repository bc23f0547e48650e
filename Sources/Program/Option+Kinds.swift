public import Redis

extension Option {
    /// A whole number in `range`.
    public static func number(
        _ flag: String,
        _ range: ClosedRange<Int>,
        _ help: String,
        into path: any WritableKeyPath<Settings, Int> & Sendable
    ) -> Option {
        Option(flag, form: "N", help: help, into: path) { text throws(Exit) in try number(text, range) }
    }

    /// A whole number of seconds in `range`.
    public static func seconds(
        _ flag: String,
        _ range: ClosedRange<Int>,
        _ help: String,
        into path: any WritableKeyPath<Settings, Duration> & Sendable
    ) -> Option {
        duration(flag, .seconds(1), range, help, into: path)
    }

    /// A whole number of milliseconds in `range`.
    public static func milliseconds(
        _ flag: String,
        _ range: ClosedRange<Int>,
        _ help: String,
        into path: any WritableKeyPath<Settings, Duration> & Sendable
    ) -> Option {
        duration(flag, .milliseconds(1), range, help, into: path)
    }

    /// One of the names of `Choice`.
    public static func choice<Choice: CaseIterable & RawRepresentable<String> & SendableMetatype>(
        _ flag: String,
        _ help: String,
        into path: any WritableKeyPath<Settings, Choice> & Sendable
    ) -> Option {
        let names = Choice.allCases.map(\.rawValue)
        return Option(
            flag,
            form: names.joined(separator: " | "),
            help: help,
            into: path,
            standard: { $0.rawValue },
            read: { text throws(Exit) in
                guard let choice = Choice(rawValue: text) else {
                    let list = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
                    throw .usage("'\(text.quotable)' is not \(list)")
                }
                return choice
            }
        )
    }

    /// The Redis that is the store: `--redis` or `WORKS_REDIS_URL`.
    public static func redis(into path: any WritableKeyPath<Settings, RedisAddress> & Sendable) -> Option {
        Option(
            "--redis",
            variable: "WORKS_REDIS_URL",
            form: "URL",
            help: "the store: redis://[user[:password]@]IP[:port][/db] or unix:///path[?db=0]",
            into: path,
            read: address
        )
    }

    private static func duration(
        _ flag: String,
        _ unit: Duration,
        _ range: ClosedRange<Int>,
        _ help: String,
        into path: any WritableKeyPath<Settings, Duration> & Sendable
    ) -> Option {
        Option(
            flag,
            form: "N",
            help: help,
            into: path,
            standard: { "\(Int($0 / unit))" },
            read: { text throws(Exit) in unit * (try number(text, range)) }
        )
    }

    private static func number(_ text: String, _ range: ClosedRange<Int>) throws(Exit) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw .usage("'\(text.quotable)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    @Sendable private static func address(_ url: String) throws(Exit) -> RedisAddress {
        do throws(RedisAddressError) {
            return try RedisAddress(url: url)
        } catch {
            throw .usage(error.description)
        }
    }
}

extension RedisAddress {
    /// The Redis that is used unless a setting names another.
    public static let standard = RedisAddress(.tcp(host: "127.0.0.1", port: 6379))
}
