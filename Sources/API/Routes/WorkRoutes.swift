import HTTP
import Loop
import Store
import Works

/// The routes of a single work.
@LoopActor enum WorkRoutes {
    static let collection = "/api/v1/works"
    static let item = "/api/v1/works/:work_id"

    static func add(to router: inout Router<Endpoint>) {
        router.add(.post, collection, create)
        router.add(.get, item, read)
        router.add(.patch, item, patch)
        router.add(.delete, item, delete)
        router.add(.post, item + "/restore", restore)
    }

    @Sendable private static func create(_ call: Call) async throws(Failure) -> Response {
        _ = try call.parameters()
        let keyText = try call.idempotencyKeyText()
        let members = try call.body()
        let key = try call.idempotencyKey(keyText, path: collection)
        return .created(try await asking(await call.works.create(WorkDraft(members), once: key)), in: collection)
    }

    @Sendable private static func read(_ call: Call) async throws(Failure) -> Response {
        let id = try call.workID()
        let includingDeleted = try call.parameters(["include_deleted"]).flag("include_deleted")
        try call.passOverBody()
        let work = try await asking(await call.works.work(id, includingDeleted: includingDeleted))
        return .object(version: work.version, unless: call.request) { work.write(to: &$0) }
    }

    @Sendable private static func patch(_ call: Call) async throws(Failure) -> Response {
        let id = try call.workID()
        _ = try call.parameters()
        let patch = WorkPatch(try call.body())
        let condition = EntityTags.strong(call.request.fields.ifMatch)
        return .changed(try await asking(await call.works.patch(id, with: patch, if: condition)))
    }

    @Sendable private static func delete(_ call: Call) async throws(Failure) -> Response {
        let id = try call.workID()
        let purges = try call.parameters(["purge"]).flag("purge")
        try call.passOverBody()
        let condition = EntityTags.strong(call.request.fields.ifMatch)
        if purges {
            try await asking(await call.works.purge(id, if: condition))
        } else {
            _ = try await asking(await call.works.delete(id, if: condition))
        }
        return .success
    }

    @Sendable private static func restore(_ call: Call) async throws(Failure) -> Response {
        let id = try call.workID()
        _ = try call.parameters()
        try call.passOverBody()
        let condition = EntityTags.strong(call.request.fields.ifMatch)
        return .changed(try await asking(await call.works.restore(id, if: condition)))
    }
}

extension Response {
    fileprivate static func changed(_ work: Work) -> Response {
        var response = Response.success { work.write(to: &$0) }
        response.tag(version: work.version)
        return response
    }
}
