import JSON
import Works

/// The body of a request: its members in order, each value as JSON text.
///
/// It goes through the JSON reader, so that the rules are tested on what the reader makes of a body.
struct Body: Sendable {
    private var members: [(name: String, json: String)]

    init(_ members: KeyValuePairs<String, String>) {
        self.members = members.map { (name: $0.key, json: $0.value) }
    }

    /// The smallest body that creates a work.
    static var leastWork: Body {
        Body([
            "user_id": #""alice""#, "name": #""测试作业""#, "description": #""一个测试作业""#, "type": #""BATCH""#,
            "category": #""FLINK_SQL""#,
        ])
    }

    /// The smallest body that creates a run.
    static var leastRun: Body {
        Body(["status": "1"])
    }

    /// Replaces the member, or adds it as the last one.
    func with(_ name: String, _ json: String) -> Body {
        var body = self
        if let index = members.firstIndex(where: { $0.name == name }) {
            body.members[index].json = json
        } else {
            body.members.append((name: name, json: json))
        }
        return body
    }

    func without(_ name: String) -> Body {
        var body = self
        body.members.removeAll { $0.name == name }
        return body
    }

    var reversed: Body {
        var body = self
        body.members.reverse()
        return body
    }

    func parsed() throws -> [JSONMember] {
        let text = "{" + members.map { quoted($0.name) + ":" + $0.json }.joined(separator: ",") + "}"
        return try JSONReader.object(Array(text.utf8))
    }
}

extension Body {
    /// The work that this body creates.
    func work() throws -> Work {
        try WorkDraft(parsed(), id: .sample).work(now: now)
    }

    /// The run that this body creates, with the sample id unless the body has one.
    func run() throws -> Run {
        let draft = try RunDraft(parsed())
        return try draft.run(id: draft.id ?? .sample, of: .sample, now: now)
    }

    /// The work as this body changes it.
    func applied(to work: Work) throws -> Work {
        try WorkPatch(parsed()).applied(to: work)
    }

    /// The run as this body changes it.
    func applied(to run: Run) throws -> Run {
        try RunPatch(parsed()).applied(to: run, now: now)
    }
}

/// The text as a JSON string.
func quoted(_ text: String) -> String {
    written { $0.string(text) }
}

/// What `write` writes, as text.
func written(_ write: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    write(&json)
    return String(decoding: json.bytes, as: UTF8.self)
}
