/// How a Redis describes itself: the fields of `INFO` (https://redis.io/commands/info), lines like `maxmemory:1048576`.
struct RedisInfo: Sendable {
    private let fields: [Substring: Substring]

    init(_ text: String) {
        var fields: [Substring: Substring] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon]] = line[line.index(after: colon)...]
        }
        self.fields = fields
    }

    subscript(_ name: String) -> String? {
        fields[name[...]].map(String.init)
    }

    func number(_ name: String) -> Int? {
        fields[name[...]].flatMap { Int($0) }
    }
}
