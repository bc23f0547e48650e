public import HTTP
public import Loop
public import Store
import Wording
import Works

/// The API: turns a request into an answer.
///
/// It knows nothing of sockets.
@LoopActor public final class Service {
    let store: StoreConnection
    let works: WorkStore
    let runs: RunStore
    let settings: ServiceSettings
    public let metrics: Metrics
    private let router: Router<Endpoint>
    private let originRule: OriginRule
    private let unrouted = Endpoint(template: "none") { _ throws(Failure) in throw .noRoute }

    /// Whether the worker is about to stop and is thus not ready.
    public var isDraining = false
    /// Called after each answer, for the access log.
    public var onAnswer: (@LoopActor (AccessEntry) -> Void)?
    /// Called with the cause of each internal error and the id of its request, for the log: the answer has no cause.
    public var onInternalError: (@LoopActor (_ requestID: String, _ cause: String) -> Void)?
    /// Reads what the process knows about itself, for the metrics.
    public var processUsage: (@LoopActor () -> ProcessUsage)?

    public init(store: StoreConnection, settings: ServiceSettings) {
        self.store = store
        self.settings = settings
        works = WorkStore(store)
        runs = RunStore(store)
        metrics = Metrics()
        router = Self.routes
        originRule = OriginRule(allowed: settings.origins)
    }

    /// Every route of the service.
    static var routes: Router<Endpoint> {
        var router = Router<Endpoint>()
        WorkRoutes.add(to: &router)
        ListRoutes.add(to: &router)
        RunRoutes.add(to: &router)
        OperationRoutes.add(to: &router)
        return router
    }

    /// Answers a request; whatever goes wrong becomes an answer, too.
    public func respond(to request: Request) async -> Response {
        metrics.requestsInProgress += 1
        defer { metrics.requestsInProgress -= 1 }
        let match = router.match(request.method, path: request.path)
        var code = 0
        var response: Response
        do throws(Failure) {
            response = try await answer(request, match)
        } catch {
            code = error.code.rawValue
            if case .internalError(let cause) = error { onInternalError?(request.id, cause) }
            response = .failure(error, in: Language(acceptLanguage: request.fields.acceptLanguage))
        }
        sign(&response, requestID: request.id)
        record(request, response, code: code, at: endpoint(of: match))
        return response
    }

    /// The 408 answer to a request that did not arrive completely.
    ///
    /// `request` is what has arrived; nil if not even its header has.
    public func timeoutAnswer(to request: Request?) -> Response {
        let failure = Failure.requestTimedOut
        var response = Response.failure(failure, in: Language(acceptLanguage: request?.fields.acceptLanguage))
        sign(&response, requestID: request?.id ?? RequestID.next())
        if let request {
            let endpoint = endpoint(of: router.match(request.method, path: request.path))
            record(request, response, code: failure.code.rawValue, at: endpoint)
        }
        return response
    }

    /// Inlined into its one caller: each call of an `async` function makes the runtime look twice for the executor.
    @inline(__always)
    private func answer(_ request: Request, _ match: Router<Endpoint>.Match) async throws(Failure) -> Response {
        // A body that is too large is reported after the query, see `Call`.
        if let fault = request.fault, fault != .bodyTooLarge { throw Failure(fault) }
        switch match {
        case .none:
            throw .noRoute
        case .route(let route, let values):
            if originRule.refuses(request) { throw .originRefused }
            return try await route.handler.handler(Call(service: self, request: request, values: values))
        case .methodNotAllowed(let allowed, _):
            guard request.method == .options else { throw .methodNotAllowed(allowed: allowed) }
            if request.fault == .bodyTooLarge { throw .bodyTooLarge }
            var response = Response.success
            response.allow(allowed)
            return response
        }
    }

    /// The endpoint that a request counts for.
    private func endpoint(of match: Router<Endpoint>.Match) -> Endpoint {
        switch match {
        case .none: unrouted
        case .route(let route, _): route.handler
        case .methodNotAllowed(_, let endpoint): endpoint
        }
    }

    /// Adds the headers that every answer carries.
    private func sign(_ response: inout Response, requestID: String) {
        response.fields.append(Response.Field("X-Request-Id", requestID))
        response.fields.append(Response.Field("X-Worker", settings.worker))
        // A browser must not guess that an answer is a page, nor let a page of another site embed it.
        response.fields.append(Self.noSniff)
        response.fields.append(Self.sameOrigin)
    }

    /// Counts and logs an answer.
    private func record(_ request: Request, _ response: Response, code: Int, at endpoint: Endpoint) {
        let duration = ContinuousClock.now - request.arrival
        let microseconds =
            Int(duration.components.seconds) * 1_000_000
            + Int(duration.components.attoseconds / 1_000_000_000_000)
        metrics.count(request.method, endpoint, status: response.status, code: code, microseconds: microseconds)
        onAnswer?(
            AccessEntry(
                method: request.method,
                route: endpoint.template,
                status: response.status,
                code: code,
                microseconds: microseconds,
                bodyByteCount: request.method == .head || response.status == 304 ? 0 : response.body.count,
                requestID: request.id,
                client: request.client
            )
        )
    }

    private static let noSniff = Response.Field("X-Content-Type-Options", "nosniff")
    private static let sameOrigin = Response.Field("Cross-Origin-Resource-Policy", "same-origin")
}
