import Bytes
import HTTP
import TestSupport
import Testing

@testable import API

/// What the document says about requests: each operation accepts what is documented for it, and nothing else.
@Suite struct DocumentedRequestsTests {
    private let document: Document

    init() throws {
        document = try Document.own.get()
    }

    @Test func eachOperationAcceptsOnlyItsDocumentedQueryParameters() async throws {
        let all = Set(document.operations.flatMap { $0.names(in: "query") })
        #expect(all.count >= 10)
        try await withService { api in
            for operation in document.operations {
                for name in all {
                    let method = try #require(Method(rawValue: operation.method))
                    let answer = try await api.call(method, "\(operation.path())?\(name)=")
                    let isAccepted = answer.code != 400_103
                    #expect(
                        isAccepted == operation.names(in: "query").contains(name),
                        "\(operation) \(name): \(answer)"
                    )
                }
            }
        }
    }

    @Test func aWorkIsAnsweredWithTheDocumentedKeysInTheirOrder() async throws {
        try await withService { api in
            let work = try await api.create()
            #expect(work.keys == document.schema("Work")["properties"].keys)
            #expect(document.schema("Work")["required"].items == work.keys.map { .string($0) })
        }
    }

    @Test func aTaskIsAnsweredWithTheDocumentedKeysInTheirOrder() async throws {
        try await withService { api in
            let task = try await api.createTask(of: try await api.create())
            #expect(task.keys == document.schema("Task")["properties"].keys)
            #expect(document.schema("Task")["required"].items == task.keys.map { .string($0) })
        }
    }

    @Test func aDraftAcceptsOnlyTheDocumentedFields() async throws {
        try await withService { api in
            let work = try await api.create()
            for (schema, target) in [("WorkDraft", "/api/v1/works"), ("TaskDraft", path(of: work) + "/tasks")] {
                let fields = document.schema(schema)["properties"].keys
                for name in allFields {
                    let answer = try await api.call(.post, target, .object([.init(name, true)]))
                    #expect(answer.code == (fields.contains(name) ? 400_101 : 400_102), "\(schema) \(name): \(answer)")
                }
            }
        }
    }

    @Test func aPatchAcceptsOnlyTheDocumentedFields() async throws {
        try await withService { api in
            let work = try await api.create()
            let task = try await api.createTask(of: work)
            let taskPath = "\(path(of: work))/tasks/\(task["task_id"].string ?? "")"
            for (schema, target) in [("WorkPatch", path(of: work)), ("TaskPatch", taskPath)] {
                let fields = document.schema(schema)["properties"]
                for name in allFields {
                    let answer = try await api.call(.patch, target, .object([.init(name, true)]))
                    let maySet = fields.keys.contains(name) && fields[name]["readOnly"] != true
                    #expect(answer.code == (maySet ? 400_101 : 400_102), "\(schema) \(name): \(answer)")
                }
            }
        }
    }

    @Test func anObjectMayBeSentBackAsItWasRead() async throws {
        try await withService { api in
            let work = try await api.create()
            let task = try await api.createTask(of: work)
            #expect(Set(work.keys) == Set(document.schema("WorkPatch")["properties"].keys))
            #expect(Set(task.keys) == Set(document.schema("TaskPatch")["properties"].keys))
            #expect(try await api.call(.patch, path(of: work), work).data == work)
            let taskPath = "\(path(of: work))/tasks/\(task["task_id"].string ?? "")"
            #expect(try await api.call(.patch, taskPath, task).data == task)
        }
    }

    @Test(arguments: ["WorkDraft", "TaskDraft"])
    func aDraftNeedsItsRequiredFields(schema: String) async throws {
        try await withService { api in
            let isTask = schema == "TaskDraft"
            let target = isTask ? path(of: try await api.create()) + "/tasks" : "/api/v1/works"
            let whole: Value = isTask ? ["status": 1] : someWork
            #expect(document.schema(schema)["required"].items == whole.keys.map { .string($0) })
            #expect(try await api.call(.post, target, whole).code == 0)
            for name in whole.keys {
                expectRefusal(400_101, try await api.call(.post, target, whole.without(name)))
            }
        }
    }

    @Test(arguments: [Value.null, "", []])
    func aFieldIsBlankOnlyWhereItsSchemaHasNull(blank: Value) async throws {
        try await withService { api in
            let work = try await api.create()
            for name in document.schema("WorkDraft")["properties"].keys {
                let answer = try await api.call(.post, "/api/v1/works", someWork.with(.object([.init(name, blank)])))
                let isRequired = document.schema("WorkDraft")["required"].items.contains(.string(name))
                let isAccepted = !isRequired || name == "description" && blank == ""
                #expect(answer.code == (isAccepted ? 0 : 400_101), "\(name): \(answer)")
                if document.acceptsNull("WorkDraft", name) { #expect(answer.data[name] == .null, "\(name)") }
            }
            for name in document.schema("WorkPatch")["properties"].keys where document.acceptsNull("WorkPatch", name) {
                let answer = try await api.call(.patch, path(of: work), .object([.init(name, blank)]))
                #expect(answer.data[name] == .null, "\(name): \(answer)")
            }
            for name in ["user_id", "name"] {
                #expect(!document.acceptsNull("WorkPatch", name))
                expectRefusal(400_101, try await api.call(.patch, path(of: work), .object([.init(name, blank)])))
            }
        }
    }

    @Test func aDescriptionIsRequiredAndMayBeEmpty() async throws {
        try await withService { api in
            let work = try await api.create(["description": ""])
            #expect(work["description"] == .null)
            let null = try await api.call(.post, "/api/v1/works", someWork.with(["description": nil]))
            expectRefusal(400_101, null)
            #expect(null.json["msg"].string?.contains("null") == true, "\(null)")
            #expect(document.acceptsNull("Work", "description") && document.acceptsNull("WorkPatch", "description"))
            #expect(!document.acceptsNull("WorkDraft", "description"))
            #expect(document.schema("WorkDraft")["properties"]["description"]["minLength"] == .null)
        }
    }

    @Test func theExamplesAreAccepted() async throws {
        try await withService { api in
            let draft = document.exampleBody(of: "createWork")
            let work = try await api.call(.post, "/api/v1/works", draft)
            #expect(work.code == 0, "\(work)")
            let patch = document.exampleBody(of: "patchWork")
            #expect(try await api.call(.patch, path(of: work.data), patch).data["name"] == patch["name"])
            let tasks = path(of: work.data) + "/tasks"
            let task = try await api.call(.post, tasks, document.exampleBody(of: "createTask"))
            let taskPath = "\(tasks)/\(task.data["task_id"].string ?? "")"
            let ended = try await api.call(.patch, taskPath, document.exampleBody(of: "patchTask"))
            #expect(ended.data["run_time"] == 3600, "\(ended)")
        }
    }

    /// What a parameter says to be the default may be sent beside anything, as clients that fill defaults in do.
    @Test func aDefaultIsTheSameAsNothing() async throws {
        try await withService { api in
            let work = try await api.create()
            let task = try await api.createTask(of: work)
            let ids = (work["work_id"].string ?? "", task["task_id"].string ?? "")
            var count = 0
            for operation in document.operations where operation.method == "GET" {
                let target = operation.path(work: ids.0, task: ids.1)
                let parameters = operation.parameters.filter { $0["in"].string == "query" }
                for parameter in parameters where parameter["schema"]["default"] != .null {
                    let standard = parameter.queryItem(parameter["schema"]["default"])
                    for other in parameters where other != parameter {
                        let query = "\(target)?\(other.queryItem(other["example"]))"
                        let without = try await api.call(.get, query)
                        let with = try await api.call(.get, "\(query)&\(standard)")
                        #expect(with.code == without.code && with.data == without.data, "\(query) \(standard)")
                        count += 1
                    }
                }
            }
            #expect(count > 20)
        }
    }

    /// The names of all fields of all schemas, and one unknown name.
    private var allFields: [String] {
        Set(["Work", "Task", "WorkDraft", "TaskDraft"].flatMap { document.schema($0)["properties"].keys })
            .union(["colour"]).sorted()
    }
}

extension Document {
    fileprivate func exampleBody(of operationID: String) -> Value {
        let operation = operations.first { $0.value["operationId"].string == operationID }
        return operation?.value["requestBody"]["content"]["application/json"]["example"] ?? .null
    }

    /// Whether the schema of a field accepts null.
    fileprivate func acceptsNull(_ schema: String, _ field: String) -> Bool {
        SchemaCheck(document: self).violations(.null, self.schema(schema)["properties"][field]).isEmpty
    }
}

extension Value {
    /// This parameter of a query with a value, as clients write it.
    fileprivate func queryItem(_ value: Value) -> String {
        let values = if case .array(let items) = value { items } else { [value] }
        let name = self["name"].string ?? ""
        return values.map { "\(name)=\(Percent.encode($0.string ?? $0.description))" }.joined(separator: "&")
    }
}
