import Bytes
package import JSON
package import Works

/// A work with its tasks as one line of an archive: the JSON that clients get, with times to the millisecond, and besides
/// `version` for the work and each task, and `tasks`.
///
/// A line may leave out what a create may, but not the id and the times: with new ones, a line that is read twice would be
/// two works, or another one.
///
///     {"work_id":"w1",…,"deleted_at":null,"version":3,"tasks":[{"task_id":"t1",…,"run_time":0,"version":1}]}
package struct ArchivedWork: Sendable {
    package let work: Work
    package let runs: [Run]

    /// Reads a line.
    ///
    /// - Parameters:
    ///   - line: one JSON object.
    ///   - now: the store's clock, for times that are too far ahead.
    /// - Throws: what is wrong with it, by the rules for what clients send.
    package init(line: [UInt8], now: Timestamp) throws(Failure) {
        let members: [JSONMember]
        do throws(JSONError) {
            members = try JSONReader.object(line)
        } catch {
            throw Failure(error)
        }
        var own = OwnMembers(members, ["work_id", "version", "tasks"])
        let id: WorkID = try own.identifier("work_id")
        // Its path would be that of the search.
        if id.text == "search" { throw .fieldRefused("work_id", .not(.identifier)) }
        own.replaceNull("description", with: .string(""))
        try own.requireTimes(["created_at", "updated_at"])
        var work = try WorkDraft(own.rest).work(id: id, now: now)
        work.version = try own.version()
        self.work = work
        runs = try Self.runs(own["tasks"], of: id, now: now)
    }

    private static func runs(_ value: JSONValue?, of work: WorkID, now: Timestamp) throws(Failure) -> [Run] {
        guard let value, value != .null else { return [] }
        guard case .array(let elements) = value else { throw .fieldRefused("tasks", .not(.tasks)) }
        var runs: [Run] = []
        var ids: Set<RunID> = []
        for element in elements {
            guard case .object(let members) = element else { throw .fieldRefused("tasks", .not(.tasks)) }
            let own = OwnMembers(members, ["work_id", "run_time", "version"])
            try own.requireTimes(["started_at"])
            let draft = try RunDraft(own.rest)
            guard let id = draft.id else { throw .fieldRefused("task_id", .required(.identifier)) }
            guard own["work_id"]?.isExactly(work.text) != false else {
                throw .fieldRefused("work_id", .not(.identifier))
            }
            guard ids.insert(id).inserted else { throw .runIDTaken(id) }
            var run = try draft.run(id: id, of: work, now: now)
            run.version = try own.version()
            runs.append(run)
        }
        return runs
    }

    // MARK: Writing

    /// Writes a work up to its tasks; those and ``writeEnd(to:)`` follow, so that a work of many tasks need not be held
    /// in memory.
    package static func writeStart(of work: Work, to json: inout JSONWriter) {
        work.write(to: &json, exactTimes: true)
        json.bytes.removeLast()
        json.literal(",\"version\":")
        json.integer(work.version)
        json.literal(",\"tasks\":[")
    }

    package static func write(_ run: Run, isFirst: Bool, to json: inout JSONWriter) {
        if !isFirst { json.literal(",") }
        run.write(to: &json, exactTimes: true)
        json.bytes.removeLast()
        json.literal(",\"version\":")
        json.integer(run.version)
        json.literal("}")
    }

    package static func writeEnd(to json: inout JSONWriter) {
        json.literal("]}\n")
    }
}

/// The members of an archived object: those that only an archive has, and the rest, which a client could have sent.
private struct OwnMembers {
    private let own: [JSONMember]
    private(set) var rest: [JSONMember]

    init(_ members: [JSONMember], _ names: Set<String>) {
        own = members.filter { names.contains($0.name) }
        rest = members.filter { !names.contains($0.name) }
    }

    subscript(name: String) -> JSONValue? {
        own.first { $0.name == name }?.value
    }

    mutating func replaceNull(_ name: String, with value: JSONValue) {
        rest = rest.map { $0.name == name && $0.value == .null ? JSONMember(name: name, value: value) : $0 }
    }

    func identifier<Kind>(_ name: String) throws(Failure) -> Identifier<Kind> {
        guard let value = self[name], value != .null else { throw .fieldRefused(name, .required(.identifier)) }
        guard case .string(let text) = value, let id = Identifier<Kind>(text) else {
            throw .fieldRefused(name, .not(.identifier))
        }
        return id
    }

    func requireTimes(_ names: [String]) throws(Failure) {
        for name in names where !rest.contains(where: { $0.name == name && $0.value != .null }) {
            throw .fieldRefused(name, .required(.time))
        }
    }

    /// 1 if it is left out.
    func version() throws(Failure) -> Int {
        guard let value = self["version"], value != .null else { return 1 }
        guard let version = value.wholeNumber, Self.versions.contains(version) else {
            throw .fieldRefused("version", .notAnInteger(Self.versions))
        }
        return version
    }

    /// Leaves more room than changes will ever take.
    private static let versions = 1...(1 << 53)
}
