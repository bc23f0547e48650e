import HTTP
import Loop
import Store
import Works

/// The routes of a work's tasks, which are `Run` in the code.
@LoopActor enum RunRoutes {
    static let collection = WorkRoutes.item + "/tasks"
    static let item = collection + "/:task_id"

    static func add(to router: inout Router<Endpoint>) {
        router.add(.get, collection, list)
        router.add(.post, collection, create)
        router.add(.get, item, read)
        router.add(.patch, item, patch)
    }

    private static func path(of work: WorkID) -> String {
        WorkRoutes.collection + "/" + work.text + "/tasks"
    }

    @Sendable private static func list(_ call: Call) async throws(Failure) -> Response {
        let workID = try call.workID()
        let parameters = try call.parameters(["limit", "offset", "cursor"], lists: ["status"])
        let statuses = try parameters.statuses()
        let query = try ListQuery(
            parameters,
            call: call,
            path: path(of: workID),
            filters: [("status", statuses.map { String($0.number) }.joined(separator: ","))],
            isUnion: statuses.count > 1,
            defaultLimit: ListQuery.limitMax
        )
        try call.passOverBody()
        let page = try await asking(
            await call.runs.list(of: workID, statuses: statuses, from: query.start, limit: query.limit)
        )
        return try query.answer(page) { run, json in run.write(to: &json) }
    }

    @Sendable private static func create(_ call: Call) async throws(Failure) -> Response {
        let workID = try call.workID()
        _ = try call.parameters()
        let keyText = try call.idempotencyKeyText()
        let members = try call.body()
        let path = path(of: workID)
        let key = try call.idempotencyKey(keyText, path: path)
        let creation = try await asking(await call.runs.create(of: workID, RunDraft(members), once: key))
        return .created(creation, in: path)
    }

    @Sendable private static func read(_ call: Call) async throws(Failure) -> Response {
        let workID = try call.workID()
        let id = try call.runID()
        _ = try call.parameters()
        try call.passOverBody()
        let run = try await asking(await call.runs.run(id, of: workID))
        return .object(version: run.version, unless: call.request) { run.write(to: &$0) }
    }

    @Sendable private static func patch(_ call: Call) async throws(Failure) -> Response {
        let workID = try call.workID()
        let id = try call.runID()
        _ = try call.parameters()
        let patch = RunPatch(try call.body())
        let condition = EntityTags.strong(call.request.fields.ifMatch)
        let run = try await asking(await call.runs.patch(id, of: workID, with: patch, if: condition))
        var response = Response.success { run.write(to: &$0) }
        response.tag(version: run.version)
        return response
    }
}
