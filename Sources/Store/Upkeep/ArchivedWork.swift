import Bytes
public import JSON
public import Works

/// A work with its tasks as one line of an archive.
///
/// It is the JSON that clients get, but with times to the millisecond and a `version` for the work and each task.
///
/// A line may omit what a create request may omit, except the id and the times: with generated ones, importing a line
/// twice would create two works.
///
///     {"work_id":"w1",…,"deleted_at":null,"version":3,"tasks":[{"task_id":"t1",…,"run_time":0,"version":1}]}
public struct ArchivedWork: Sendable {
    public let work: Work
    public let runs: [Run]

    /// Reads a line.
    ///
    /// - Parameter line: one JSON object.
    /// - Throws: what is wrong with it, by the rules for client requests, save that its times may be ahead of the
    ///   clock: the clock of the store that it comes from may have been.
    public init(line: [UInt8]) throws(ArchiveError) {
        let members: [JSONMember]
        do throws(JSONError) {
            members = try JSONReader.object(line)
        } catch {
            throw .notReadable(error)
        }
        var own = OwnMembers(members, ["work_id", "version", "tasks"])
        let id: WorkID = try own.identifier("work_id")
        if id.isReserved { throw .refused(.field("work_id", .not(.identifier))) }
        own.replaceNull("description", with: .string(""))
        try own.requireTimes(["created_at", "updated_at"])
        var work = try ArchiveError.refused(try WorkDraft(own.rest, id: id).work(now: .distantFuture))
        work.version = try own.version()
        self.work = work
        runs = try Self.runs(own["tasks"], of: id)
    }

    private static func runs(_ value: JSONValue?, of work: WorkID) throws(ArchiveError) -> [Run] {
        guard let value, value != .null else { return [] }
        guard case .array(let elements) = value else { throw .refused(.field("tasks", .not(.tasks))) }
        var runs: [Run] = []
        var ids: Set<RunID> = []
        for element in elements {
            guard case .object(let members) = element else { throw .refused(.field("tasks", .not(.tasks))) }
            let own = OwnMembers(members, ["work_id", "run_time", "version"])
            try own.requireTimes(["started_at"])
            let draft = try ArchiveError.refused(try RunDraft(own.rest))
            guard let id = draft.id else { throw .refused(.field("task_id", .required(.identifier))) }
            guard own["work_id"]?.isExactly(work.text) != false else {
                throw .refused(.field("work_id", .not(.identifier)))
            }
            guard ids.insert(id).inserted else { throw .refused(.field("task_id", .repeated)) }
            var run = try ArchiveError.refused(try draft.run(id: id, of: work, now: .distantFuture))
            run.version = try own.version()
            runs.append(run)
        }
        return runs
    }

    // MARK: Writing

    /// Writes a work up to its tasks.
    ///
    /// The tasks and ``writeEnd(to:)`` follow separately, so that not all tasks of a work must be in memory.
    public static func writeStart(of work: Work, to json: inout JSONWriter) {
        work.write(to: &json, exactTimes: true)
        json.bytes.removeLast()
        json.literal(",\"version\":")
        json.integer(work.version)
        json.literal(",\"tasks\":[")
    }

    /// Writes a task, preceded by a comma unless it is the first.
    public static func write(_ run: Run, isFirst: Bool, to json: inout JSONWriter) {
        if !isFirst { json.literal(",") }
        run.write(to: &json, exactTimes: true)
        json.bytes.removeLast()
        json.literal(",\"version\":")
        json.integer(run.version)
        json.literal("}")
    }

    public static func writeEnd(to json: inout JSONWriter) {
        json.literal("]}\n")
    }
}

/// Why a line of an archive cannot be read as a work.
public enum ArchiveError: Error, Equatable, Sendable {
    case notReadable(JSONError)
    case refused(Refusal)

    fileprivate static func refused<Value>(
        _ value: @autoclosure () throws(Refusal) -> Value
    ) throws(ArchiveError) -> Value {
        do throws(Refusal) {
            return try value()
        } catch {
            throw .refused(error)
        }
    }
}

/// The members of an archived object: those that only archives have, and the rest, which clients could send, too.
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

    func identifier<Kind>(_ name: String) throws(ArchiveError) -> Identifier<Kind> {
        guard let value = self[name], value != .null else { throw .refused(.field(name, .required(.identifier))) }
        guard case .string(let text) = value, let id = Identifier<Kind>(text) else {
            throw .refused(.field(name, .not(.identifier)))
        }
        return id
    }

    func requireTimes(_ names: [String]) throws(ArchiveError) {
        for name in names where !rest.contains(where: { $0.name == name && !$0.value.isBlank }) {
            throw .refused(.field(name, .required(.time)))
        }
    }

    /// The version; 1 if it is omitted.
    func version() throws(ArchiveError) -> Int {
        guard let value = self["version"], value != .null else { return 1 }
        guard let version = value.wholeNumber, Version.range.contains(version) else {
            throw .refused(.field("version", .not(.integer(Version.range))))
        }
        return version
    }
}
