import Works

/// What a key is for, read from its name: the inverse of ``Keys``.
enum Key {
    case work(WorkID)
    case run(RunID, WorkID)
    /// A sorted set of works.
    case workSet
    /// A sorted set of the tasks of a work.
    case runSet(WorkID)
    /// The hash of the ids of the works whose numbers begin here.
    case ids(from: Int)
    /// The posting set of a term in a block.
    case posting(term: String, block: Int)
    /// The marker, the counter, a record of an idempotency key: nothing that another key must agree with.
    case other
    case unknown

    init(_ key: String) {
        // By bytes: some scalars form one character with the colon before them.
        let parts = key.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        self = Self.read(parts.map { Substring($0) }) ?? .unknown
    }

    private static func read(_ parts: [Substring]) -> Key? {
        guard parts.count > 1, parts[0] == "{0}" else { return nil }
        switch parts[1] {
        case "w" where parts.count == 3: return WorkID(String(parts[2])).map { .work($0) }
        case "t" where parts.count == 4:
            guard let work = WorkID(String(parts[2])), let run = RunID(String(parts[3])) else { return nil }
            return .run(run, work)
        case "wt" where parts.count > 2: return WorkID(String(parts[2])).map { .runSet($0) }
        case "c", "u", "d": return .workSet
        case "n" where parts.count == 3: return Int(parts[2]).map { .ids(from: $0 * Keys.idsPerHash) }
        case "p" where parts.count > 3:
            guard let block = parts.last.flatMap({ Int($0) }) else { return nil }
            return .posting(term: parts[2..<parts.count - 1].joined(separator: ":"), block: block)
        case "i", "seq", "schema": return .other
        default: return nil
        }
    }
}
