/// Finds the route of a request.
///
/// `Handler` is whatever serves a route. A template looks like `/api/v1/works/:work_id`.
public struct Router<Handler: Sendable>: Sendable {
    /// One method of one template.
    public struct Route: Sendable {
        public let method: Method
        public let handler: Handler
    }

    /// Where a request leads.
    public enum Match: Sendable {
        /// The route, and the decoded values of its placeholders in the order of the template.
        case route(Route, [String])
        /// The path exists, but not with this method; `one` is the handler of one of its methods.
        case methodNotAllowed(allowed: [Method], one: Handler)
        case none
    }

    private var tree = PathTree()
    /// The routes of each template, by its number in the tree.
    private var routesOfTemplates: [[Route]] = []

    public init() {}

    /// All routes.
    public var routes: [Route] {
        routesOfTemplates.flatMap { $0 }
    }

    /// Adds a route; no other may have the same method and template.
    public mutating func add(_ method: Method, _ template: String, _ handler: Handler) {
        let number = tree.add(template)
        if number == routesOfTemplates.count { routesOfTemplates.append([]) }
        routesOfTemplates[number].append(Route(method: method, handler: handler))
    }

    /// Finds the route of a method and a path; `HEAD` matches wherever `GET` does.
    public func match(_ method: Method, path: String) -> Match {
        var values: [String] = []
        guard let template = tree.template(of: path, &values) else { return .none }
        let routes = routesOfTemplates[template]
        let wanted = method == .head ? .get : method
        if let route = routes.first(where: { $0.method == wanted }) { return .route(route, values) }
        return .methodNotAllowed(allowed: Self.allowedMethods(of: routes), one: routes[0].handler)
    }

    private static func allowedMethods(of routes: [Route]) -> [Method] {
        var allowed = routes.map(\.method)
        if allowed.contains(.get) { allowed.append(.head) }
        allowed.append(.options)
        return Method.allCases.filter(allowed.contains)
    }
}
