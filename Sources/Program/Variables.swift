/// The environment variables of the service.
///
/// A mistyped name would silently leave a setting at its default, so the programs warn of names that nobody knows. They
/// only warn, because a newer script may set what an older program does not know.
public enum Variables {
    /// Every name that begins with ``prefix`` and has a meaning: the settings of both programs, what the scripts in
    /// `deploy` read or pass on, and what the tests read.
    ///
    /// A program knows the names of the others, too, since it inherits their settings.
    public static let known: Set<String> = [
        "WORKS_ARRIVAL_SECONDS", "WORKS_CONNECTIONS_MAX", "WORKS_DRAIN_SECONDS", "WORKS_ID", "WORKS_IDLE_SECONDS",
        "WORKS_LINGER_SECONDS", "WORKS_LISTEN", "WORKS_LOG", "WORKS_OFFSET_UNIT", "WORKS_ORIGINS",
        "WORKS_REDIS_COMMAND_MS", "WORKS_REDIS_CONNECT_MS", "WORKS_REDIS_IN_FLIGHT_MAX", "WORKS_REDIS_URL",
        "WORKS_REQUESTS_MAX",
        "WORKS_BIN_DIR", "WORKS_DATA", "WORKS_HOSTS", "WORKS_PASSWORD", "WORKS_SOCKET_DESCRIPTORS",
        "WORKS_TEST_KEEP", "WORKS_TEST_ROUNDS", "WORKS_TEST_SEED",
    ]

    /// The sentences that warn of the names that begin like a setting but are none; the values are not told.
    public static func warnings(about names: some Sequence<String>) -> [String] {
        let unknown = names.filter { $0.hasPrefix(prefix) && !known.contains($0) }.sorted()
        let told = unknown.prefix(warningsMax).map(warning)
        return unknown.count > warningsMax ? told + ["\(unknown.count - warningsMax) more names are unknown"] : told
    }

    private static func warning(_ name: String) -> String {
        let hint = nearest(to: name).map { "; did you mean \($0)?" } ?? ""
        return "the environment variable \(name.quotable) is unknown and has no effect" + hint
    }

    /// The known name that differs least; nil if each differs in more than ``typosMax`` characters.
    private static func nearest(to name: String) -> String? {
        let distances = known.sorted().map { (name: $0, distance: distance($0, name)) }
        return distances.filter { $0.distance <= typosMax }.min { $0.distance < $1.distance }?.name
    }

    /// How many characters must be inserted, removed or replaced to turn one text into the other; if their lengths
    /// differ by more than ``typosMax``, that difference.
    private static func distance(_ one: String, _ other: String) -> Int {
        let (one, other) = (Array(one.utf8), Array(other.utf8))
        guard abs(one.count - other.count) <= typosMax else { return abs(one.count - other.count) }
        // The distances from the characters of `one` so far to each beginning of `other`.
        var row = Array(0...other.count)
        for (i, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in other.indices {
                let replaced = diagonal + (byte == other[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[other.count]
    }

    private static let prefix = "WORKS_"
    private static let typosMax = 2
    private static let warningsMax = 8
}
