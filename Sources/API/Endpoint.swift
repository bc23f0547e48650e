import HTTP
import Loop

/// One method of one path: its handler and its counts.
@LoopActor final class Endpoint {
    /// The template of its path; it is shared by many requests and contains no ids.
    nonisolated let template: String
    nonisolated let handler: Handler
    /// Its counts, kept here so that counting a request costs no look-up by name.
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
