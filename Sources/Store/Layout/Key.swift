import Bytes
import Works

/// What a key is for, read from its name: the inverse of ``Keys``.
enum Key {
    case work(WorkID)
    case run(RunID, WorkID)
    /// A sorted set of works.
    case workSet
    /// The sorted set of the works being purged.
    case purging
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
        case "wt" where parts.count == 3 || parts.count == 4 && Status(text: String(parts[3])) != nil:
            return WorkID(String(parts[2])).map { .runSet($0) }
        case "c", "u", "d": return .workSet
        case "purging" where parts.count == 2: return .purging
        case "n" where parts.count == 3:
            return number(parts[2], of: Keys.idsPerHash).map { .ids(from: $0 * Keys.idsPerHash) }
        case "p" where parts.count > 3:
            guard let block = number(parts[parts.count - 1], of: Keys.blockSize) else { return nil }
            return .posting(term: parts[2..<parts.count - 1].joined(separator: ":"), block: block)
        case "i" where parts.count == 3: return .other
        case "seq" where parts.count == 2, "schema" where parts.count == 2: return .other
        default: return nil
        }
    }

    /// The number of a group of `size` works, as ``Keys`` writes it; nil if no work can have such a number.
    private static func number(_ text: Substring, of size: Int) -> Int? {
        guard let number = Int(text), String(number).isExactly(String(text)) else { return nil }
        return (0...Keys.numberMax / size).contains(number) ? number : nil
    }
}
