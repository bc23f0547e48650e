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
                    let answer = try await api.call(method, "\(operation.anyPath)?\(name)=")
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

    @Test func theExamplesAreAccepted() async throws {
        try await withService { api in
            let draft = document.schema("WorkDraft")["examples"][0]
            let work = try await api.call(.post, "/api/v1/works", draft)
            #expect(work.code == 0, "\(work)")
            let patch = document.schema("WorkPatch")["examples"][0]
            #expect(try await api.call(.patch, path(of: work.data), patch).data["name"] == patch["name"])
            let tasks = path(of: work.data) + "/tasks"
            let task = try await api.call(.post, tasks, document.schema("TaskDraft")["examples"][0])
            let taskPath = "\(tasks)/\(task.data["task_id"].string ?? "")"
            let ended = try await api.call(.patch, taskPath, document.schema("TaskPatch")["examples"][0])
            #expect(ended.data["run_time"] == 3600, "\(ended)")
        }
    }

    /// The names of all fields of all schemas, and one unknown name.
    private var allFields: [String] {
        Set(["Work", "Task", "WorkDraft", "TaskDraft"].flatMap { document.schema($0)["properties"].keys })
            .union(["colour"]).sorted()
    }
}

extension Document.Operation {
    /// A path of this template, with ids that do not exist.
    fileprivate var anyPath: String {
        template.replacing("{work_id}", with: "w").replacing("{task_id}", with: "t")
    }
}
