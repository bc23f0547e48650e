import Bytes
import Redis
import Works

/// A change to be applied completely or not at all: checks, then writes.
///
/// See `commit`.
struct Commit {
    /// The checks, by the words of their steps.
    enum Check: String {
        case absent
        case present
        case size
        case field
        case has
        case lacks
    }

    /// The outcome of a commit.
    enum Outcome: Equatable {
        case done
        /// The first check that failed, and its key.
        case failed(Check, key: String)
    }

    /// The keys it checks or writes; a key of several steps may be listed twice.
    private(set) var keys: [String] = []
    private var keyNumbers: [ExactText: Int] = [:]
    private var steps = MessagePack()
    /// Whether the change only frees memory, so that Redis accepts it even when it is full.
    private let onlyFrees: Bool

    init(onlyFrees: Bool = false) {
        self.onlyFrees = onlyFrees
    }

    // MARK: Checks

    mutating func requireAbsent(_ key: String) {
        check(.absent, key)
    }

    mutating func requireVersion(_ version: Int, of key: String) {
        requireField("version", of: key, is: String(version))
    }

    /// Requires a value of a field; the empty text means that the field does not exist.
    mutating func requireField(_ field: String, of key: String, is value: String) {
        check(.field, key, field, value)
    }

    mutating func requirePresent(_ key: String) {
        check(.present, key)
    }

    /// Requires that a hash is that of a work, live or in the trash.
    mutating func requireWork(_ key: String) {
        check(.has, key, "version")
    }

    /// Requires that a hash is that of a work which is not in the trash.
    mutating func requireLive(_ key: String) {
        requireWork(key)
        check(.lacks, key, "deleted_at")
    }

    /// Requires that a sorted set has this many members.
    mutating func requireSize(_ size: Int, of key: String) {
        check(.size, key, String(size))
    }

    // MARK: Writes

    /// Sets the fields that have a value, and removes the others.
    mutating func set(_ fields: [Field], of key: String) {
        let blank = fields.filter { $0.value == nil }
        if blank.count < fields.count {
            begin("hset", key)
            steps.append(2 * (fields.count - blank.count))
            for field in fields {
                guard let value = field.value else { continue }
                steps.append(field.name)
                steps.append(value)
            }
        }
        if !blank.isEmpty {
            begin("hdel", key)
            steps.append(blank.count)
            for field in blank { steps.append(field.name) }
        }
    }

    mutating func remove(_ key: String) {
        step("del", key)
    }

    /// Removes a hash if this field has this value.
    mutating func remove(_ key: String, ifIts field: String, is value: String) {
        step("delif", key, field, value)
    }

    mutating func expire(_ key: String, after life: Duration) {
        step("expire", key, String(life.components.seconds))
    }

    /// Adds members to each of several sorted sets: scores and members, alternating.
    mutating func add(_ scoresAndMembers: [String], toEach keys: [String]) {
        step("zadd", overEach: keys, scoresAndMembers)
    }

    /// Removes members from each of several sorted sets.
    mutating func remove(_ members: [String], fromEach keys: [String]) {
        step("zrem", overEach: keys, members)
    }

    /// Adds members to each of several posting sets, or removes them.
    mutating func post(_ change: PostingChange, _ members: [String], inEach keys: [String]) {
        step(change.rawValue, overEach: keys, members)
    }

    enum PostingChange: String {
        case add = "sadd"
        case remove = "srem"
    }

    // MARK: Sending

    /// The command that applies this change to the store with this marker, and to no other.
    func command(on marker: Marker) -> Command {
        var query = MessagePack()
        query.set("marker", to: marker.query)
        query.set("nowhere", to: Keys.nowhere)
        query.set("steps", to: steps)
        return Library.call(onlyFrees ? Library.free : Library.commit, keys + [Keys.schema], query, isRead: false)
    }

    /// The command that finds out which part of this change is not in effect.
    var missing: Command {
        var query = MessagePack()
        query.set("steps", to: steps)
        return Library.call(Library.missing, keys, query, isRead: true)
    }

    /// Reads the function's reply; nil if it has an unknown form.
    func outcome(_ reply: Reply) -> Outcome? {
        guard let text = reply.string else { return nil }
        if text == "done" { return .done }
        let words = text.split(separator: " ")
        guard words.count == 2, let check = Check(rawValue: String(words[0])), let number = Int(words[1]),
            keys.indices.contains(number - 1)
        else { return nil }
        return .failed(check, key: keys[number - 1])
    }

    private mutating func check(_ check: Check, _ key: String, _ arguments: String...) {
        begin(check.rawValue, key)
        for argument in arguments { steps.append(argument) }
    }

    private mutating func step(_ word: String, _ key: String, _ arguments: String...) {
        begin(word, key)
        for argument in arguments { steps.append(argument) }
    }

    /// A step over a run of keys, which are appended without checking for duplicates.
    private mutating func step(_ word: String, overEach keys: [String], _ arguments: [String]) {
        guard !keys.isEmpty else { return }
        steps.append(word)
        steps.append(self.keys.count + 1)
        steps.append(self.keys.count + keys.count)
        steps.append(arguments.count)
        for argument in arguments { steps.append(argument) }
        self.keys += keys
    }

    private mutating func begin(_ word: String, _ key: String) {
        let exactKey = ExactText(key)
        let number = keyNumbers[exactKey] ?? keys.count + 1
        if number > keys.count {
            keys.append(key)
            keyNumbers[exactKey] = number
        }
        steps.append(word)
        steps.append(number)
    }
}
