internal import Redis
internal import Works

/// A change to be applied whole or not at all: checks, then writes.
///
/// See `works_1_commit`.
struct Commit {
    /// What has become of it.
    enum Outcome: Equatable {
        case done
        /// The first check that failed, by the word of its step and its key.
        case failed(check: String, key: String)
    }

    /// The keys it checks or writes, in the order in which they were first named.
    private(set) var keys: [String] = []
    private var keyNumbers: [ExactText: Int] = [:]
    private var steps = MessagePack()
    /// Whether the change gives room back, so that it is let through when Redis is full.
    private let onlyFrees: Bool

    init(onlyFrees: Bool = false) {
        self.onlyFrees = onlyFrees
    }

    // MARK: Checks

    mutating func requireAbsent(_ key: String) {
        step("absent", key)
    }

    mutating func requireVersion(_ version: Int, of key: String) {
        requireField("version", of: key, is: String(version))
    }

    /// The empty text stands for a field that is not there.
    mutating func requireField(_ field: String, of key: String, is value: String) {
        step("field", key, field, value)
    }

    mutating func requirePresent(_ key: String) {
        step("present", key)
    }

    mutating func requireLive(_ key: String) {
        step("live", key)
    }

    mutating func requireEmpty(_ key: String) {
        step("empty", key)
    }

    // MARK: Writes

    /// Sets the fields that have a value, and removes those that have none.
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

    /// Moves a member from its old places to its new ones, touching only those that differ.
    mutating func move(_ member: String, from old: [Indexes.Place], to new: [Indexes.Place]) {
        let had = Dictionary(old.map { (ExactText($0.key), $0.seconds) }) { $1 }
        let wanted = Set(new.map { ExactText($0.key) })
        for place in old where !wanted.contains(ExactText(place.key)) { step("zrem", place.key, member) }
        for place in new where had[ExactText(place.key)] != place.seconds {
            add([String(place.seconds), member], to: place.key)
        }
    }

    /// Adds a number to posting sets, or takes it out of them; each of the keys may be named once in a commit.
    mutating func post(_ change: PostingChange, number: Int, to terms: [Term]) {
        let block = number / Keys.blockSize
        post(change, numbers: [number % Keys.blockSize], to: terms.map { Keys.posting($0, block: block) })
    }

    /// The same for several numbers of a block, and the keys of posting sets in it.
    mutating func post(_ change: PostingChange, numbers: [Int], to postingKeys: [String]) {
        post(change, members: numbers.map { String($0) }, to: postingKeys)
    }

    /// The same for members as they are written.
    mutating func post(_ change: PostingChange, members: [String], to postingKeys: [String]) {
        guard !postingKeys.isEmpty else { return }
        steps.append(change.rawValue)
        steps.append(keys.count + 1)
        steps.append(keys.count + postingKeys.count)
        steps.append(members.count)
        for member in members { steps.append(member) }
        keys += postingKeys
    }

    /// Adds members to a sorted set: scores and members, by turns.
    mutating func add(_ scoresAndMembers: [String], to key: String) {
        begin("zadd", key)
        steps.append(scoresAndMembers.count)
        for word in scoresAndMembers { steps.append(word) }
    }

    enum PostingChange: String {
        case add = "sadd"
        case remove = "srem"
    }

    // MARK: Sending

    var command: Command {
        command("FCALL", onlyFrees ? Library.free : Library.commit)
    }

    /// The command that finds out what of this change is not in effect.
    var lack: Command {
        var command = command("FCALL_RO", Library.lack)
        command.isHarmlessToRepeat = true
        return command
    }

    private func command(_ call: String, _ function: String) -> Command {
        var command = Command(call, function)
        command.append(keys.count)
        for key in keys { command.append(key) }
        command.append(steps.bytes)
        return command
    }

    /// Reads the function's answer; nil if it is none.
    func outcome(_ reply: Reply) -> Outcome? {
        guard let text = reply.string else { return nil }
        if text == "done" { return .done }
        let words = text.split(separator: " ")
        guard words.count == 2, let number = Int(words[1]), keys.indices.contains(number - 1) else { return nil }
        return .failed(check: String(words[0]), key: keys[number - 1])
    }

    private mutating func step(_ word: String, _ key: String, _ arguments: String...) {
        begin(word, key)
        for argument in arguments { steps.append(argument) }
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

/// One field of a hash; nil is blank, and blank fields are not stored.
struct Field: Equatable {
    let name: String
    let value: String?

    init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value
    }

    /// By bytes: a text that only changes its Unicode form has changed.
    static func == (left: Field, right: Field) -> Bool {
        left.name == right.name && left.value.isExactly(right.value)
    }
}
