import HTTP
import Loop
import Store

/// The routes for the operators of the service.
@LoopActor enum OperationRoutes {
    static func add(to router: inout Router<Endpoint>) {
        router.add(.get, "/livez", live)
        router.add(.get, "/readyz", ready)
        router.add(.get, "/metrics", metrics)
        router.add(.get, "/openapi.json", openAPI)
    }

    /// The process runs and accepts requests.
    @Sendable private static func live(_ call: Call) async throws(Failure) -> Response {
        _ = try call.parameters()
        try call.passOverBody()
        return .success
    }

    /// The process can serve: the store answers and is installed, and the process is not about to stop.
    @Sendable private static func ready(_ call: Call) async throws(Failure) -> Response {
        _ = try call.parameters()
        try call.passOverBody()
        if call.service.isDraining { throw .draining }
        try await asking(await call.service.store.check())
        return .success
    }

    @Sendable private static func metrics(_ call: Call) async throws(Failure) -> Response {
        _ = try call.parameters()
        try call.passOverBody()
        return Response(
            status: 200,
            fields: [Response.Field("Content-Type", "text/plain; version=0.0.4; charset=utf-8")],
            body: await call.service.exposition()
        )
    }

    @Sendable private static func openAPI(_ call: Call) async throws(Failure) -> Response {
        _ = try call.parameters()
        try call.passOverBody()
        return Response(
            status: 200,
            fields: [Response.Field("Content-Type", "application/json")],
            body: PackageResources.openapi_json
        )
    }
}
