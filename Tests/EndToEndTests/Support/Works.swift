import Foundation
import TestSupport
import Testing

/// A work as an answer returned it.
struct WorkAnswer: Sendable {
    let answer: Answer
    let data: Value

    var id: String { data["work_id"].string ?? "" }
    var path: String { "/api/v1/works/\(id)" }
    var etag: String { answer["ETag"] ?? "" }
}

/// The required fields of a work, for a new user, with `changes`.
func draft(_ changes: Value = [:]) -> Value {
    let least: Value = [
        "user_id": .string("user-" + unique()), "name": "a work", "description": "made by a test",
        "type": "STREAMING", "category": "FLINK_SQL",
    ]
    return least.with(changes)
}

extension Client {
    /// Creates a work that must be accepted.
    func create(
        _ changes: Value = [:],
        headers: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> WorkAnswer {
        let answer = try call("POST", "/api/v1/works", draft(changes), headers: headers)
        return WorkAnswer(answer: answer, data: try expectSuccess(answer, sourceLocation: sourceLocation))
    }

    /// Changes a work; the change must be accepted.
    @discardableResult
    func patch(
        _ work: WorkAnswer,
        _ changes: Value,
        headers: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> WorkAnswer {
        let answer = try call("PATCH", work.path, changes, headers: headers)
        return WorkAnswer(answer: answer, data: try expectSuccess(answer, sourceLocation: sourceLocation))
    }

    /// Reads a work that must exist.
    func work(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> WorkAnswer {
        let answer = try call("GET", path)
        return WorkAnswer(answer: answer, data: try expectSuccess(answer, sourceLocation: sourceLocation))
    }

    /// Moves a work to the trash.
    func delete(_ work: WorkAnswer, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let answer = try call("DELETE", work.path)
        try expectSuccess(answer, sourceLocation: sourceLocation)
        #expect(answer.text == #"{"code":0}"#, sourceLocation: sourceLocation)
    }

    /// Creates a task that must be accepted.
    func createTask(
        of work: WorkAnswer,
        _ body: Value,
        headers: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> TaskAnswer {
        let answer = try call("POST", work.path + "/tasks", body, headers: headers)
        let data = try expectSuccess(answer, sourceLocation: sourceLocation)
        return TaskAnswer(answer: answer, data: data, path: work.path + "/tasks/" + (data["task_id"].string ?? ""))
    }

    /// Reads a page of a list.
    func page(_ target: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Page {
        let answer = try call("GET", target)
        try expectSuccess(answer, sourceLocation: sourceLocation)
        return try Page(answer)
    }
}

/// A task as an answer returned it.
struct TaskAnswer: Sendable {
    let answer: Answer
    let data: Value
    let path: String

    var id: String { data["task_id"].string ?? "" }
    var etag: String { answer["ETag"] ?? "" }
}

/// Percent-encodes a value for a query.
func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
}

/// The time some seconds from now, as the service writes times.
func time(fromNow seconds: Double) -> String {
    let formatter = ISO8601DateFormatter()
    return formatter.string(from: Date(timeIntervalSinceNow: seconds))
}

/// How many seconds a time in the service's form is from now.
func distanceFromNow(_ value: Value) -> Double {
    guard let text = value.string, let date = ISO8601DateFormatter().date(from: text) else { return .infinity }
    return abs(date.timeIntervalSinceNow)
}
