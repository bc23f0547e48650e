import HTTP
import Loop

/// One method of one path: what it does, and how often it has done so.
@LoopActor final class Endpoint {
    /// The template of its path; many requests share one, and it holds no ids.
    nonisolated let template: String
    nonisolated let handler: Handler
    /// Its numbers, kept here so that counting a request costs no look-up by name.
    var tally = Tally()

    typealias Handler = @LoopActor @Sendable (Call) async throws(Failure) -> Response

    nonisolated init(template: String, _ handler: @escaping Handler) {
        self.template = template
        self.handler = handler
    }
}

extension Router<Endpoint> {
    @LoopActor mutating func add(_ method: Method, _ template: String, _ handler: @escaping Endpoint.Handler) {
        add(method, template, Endpoint(template: template, handler))
    }
}
