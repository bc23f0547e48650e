package import HTTP
package import Loop
package import Store
import Works

/// What a service is told about its surroundings.
package struct ServiceSettings: Sendable {
    /// The name of this worker, which every answer carries.
    package var worker: String
    package var version: String
    /// What `offset` counts.
    package var offsetUnit: OffsetUnit

    package enum OffsetUnit: String, Sendable, CaseIterable {
        case page
        case row
    }

    package init(worker: String, version: String, offsetUnit: OffsetUnit = .page) {
        self.worker = worker
        self.version = version
        self.offsetUnit = offsetUnit
    }
}

/// The API: takes a request, gives the answer.
///
/// Knows nothing of sockets.
@LoopActor package final class Service {
    let store: StoreConnection
    let works: WorkStore
    let runs: RunStore
    let settings: ServiceSettings
    package let metrics: Metrics
    private let router: Router<Endpoint>
    private let unrouted = Endpoint(template: "none") { _ throws(Failure) in throw .noRoute }

    /// Set while the worker is about to end; ``OperationRoutes`` tells whoever asks whether it is ready.
    package var isDraining = false
    /// Called after each answer, for the access log.
    package var onAnswer: (@LoopActor (AccessEntry) -> Void)?
    /// What the worker knows about itself when the metrics are asked for.
    package var gauges: (@LoopActor () -> ProcessGauges)?

    package init(store: StoreConnection, settings: ServiceSettings) {
        self.store = store
        self.settings = settings
        works = WorkStore(store)
        runs = RunStore(store)
        metrics = Metrics()
        router = Self.routes
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
    package func respond(to request: Request) async -> Response {
        metrics.requestsInProgress += 1
        defer { metrics.requestsInProgress -= 1 }
        let (endpoint, values, allowed) = find(request)
        var code = 0
        var response: Response
        do throws(Failure) {
            response = try await answer(request, at: endpoint, values: values, allowed: allowed)
        } catch {
            code = error.code.rawValue
            response = .failure(error, in: Language(acceptLanguage: request.fields.acceptLanguage))
            if error == .methodNotAllowed { response.allow(allowed) }
        }
        response.fields.append(Response.Field("X-Request-Id", request.id))
        response.fields.append(Response.Field("X-Worker", settings.worker))
        note(request, response, code: code, at: endpoint)
        return response
    }

    /// The answer to a request that never arrived whole; nil for one of which not even the header has.
    package func timeoutAnswer(to request: Request?) -> Response {
        let failure = Failure.requestTimedOut
        var response = Response.failure(failure, in: Language(acceptLanguage: request?.fields.acceptLanguage))
        response.fields.append(Response.Field("X-Request-Id", request?.id ?? RequestID.next()))
        response.fields.append(Response.Field("X-Worker", settings.worker))
        if let request { note(request, response, code: failure.code.rawValue, at: find(request).0) }
        return response
    }

    private func find(_ request: Request) -> (Endpoint, [String], allowed: [Method]?) {
        switch router.match(request.method, path: request.path) {
        case .none: (unrouted, [], nil)
        case .route(let route, let values): (route.handler, values, nil)
        case .methodNotAllowed(let allowed, let endpoint): (endpoint, [], allowed)
        }
    }

    private func answer(
        _ request: Request,
        at endpoint: Endpoint,
        values: [String],
        allowed: [Method]?
    ) async throws(Failure) -> Response {
        switch request.fault {
        case .headerMalformed, .hostRepeated: throw .requestMalformed(.headerBytes)
        case .bodyLengthUnclear: throw .requestMalformed(.lengthAndEncoding)
        case .targetMalformed: throw .requestMalformed(.target)
        case .targetTooLong: throw .targetTooLong
        case .headersTooLarge: throw .headersTooLarge
        case .overloaded: throw .overloaded
        case .bodyTooLarge, nil: break
        }
        if let allowed {
            guard request.method == .options else { throw .methodNotAllowed }
            if request.fault == .bodyTooLarge { throw .bodyTooLarge }
            var response = Response.success
            response.allow(allowed)
            return response
        }
        return try await endpoint.handler(Call(service: self, request: request, values: values))
    }

    private func note(_ request: Request, _ response: Response, code: Int, at endpoint: Endpoint) {
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
                requestID: request.id
            )
        )
    }
}

/// What the access log tells about one request.
package struct AccessEntry: Sendable {
    package let method: Method
    /// The template of the route, not the path: there are few of them, and no ids in them.
    package let route: String
    package let status: Int
    /// The code of the failure; 0 for success.
    package let code: Int
    package let microseconds: Int
    package let bodyByteCount: Int
    package let requestID: String
}
