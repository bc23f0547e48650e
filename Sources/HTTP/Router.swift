import Bytes

/// Finds the route of a path: a tree of segments, where a literal goes before a placeholder.
///
/// `Handler` is whatever the routes lead to. A template is written like `/api/v1/works/:work_id`.
package struct Router<Handler: Sendable>: Sendable {
    /// One method of one template.
    package struct Route: Sendable {
        package let method: Method
        package let template: String
        package let handler: Handler
    }

    /// Where a request leads.
    package enum Match: Sendable {
        /// The values of the template's placeholders, decoded, in the order of the template.
        case route(Route, [String])
        /// The path exists, but not for this method; one of the handlers it has.
        case methodNotAllowed(allowed: [Method], one: Handler)
        case none
    }

    private struct Node: Sendable {
        var literals: [(segment: [UInt8], node: Int)] = []
        var placeholder: Int?
        var routes: [Route] = []

        /// The node behind a literal.
        ///
        /// There are a handful at most, so that comparing beats hashing.
        func literal(_ segment: Span<UInt8>) -> Int? {
            for literal in literals where segment.isEqual(to: literal.segment) { return literal.node }
            return nil
        }
    }

    private var nodes = [Node()]

    package init() {}

    /// Every route, for those who list them.
    package var routes: [Route] {
        nodes.flatMap(\.routes)
    }

    package mutating func add(_ method: Method, _ template: String, _ handler: Handler) {
        var at = 0
        for segment in template.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            at = child(of: at, for: segment)
        }
        nodes[at].routes.append(Route(method: method, template: template, handler: handler))
    }

    private mutating func child(of parent: Int, for segment: Substring) -> Int {
        let new = nodes.count
        if segment.hasPrefix(":") {
            if let known = nodes[parent].placeholder { return known }
            nodes[parent].placeholder = new
        } else {
            let literal = Array(segment.utf8)
            if let known = nodes[parent].literal(literal.span) { return known }
            nodes[parent].literals.append((literal, new))
        }
        nodes.append(Node())
        return new
    }

    /// The route of a path.
    ///
    /// `HEAD` goes wherever `GET` does.
    ///
    /// A segment that cannot be decoded is taken as it stands: it is no literal, and no id has a `%` in it.
    package func match(_ method: Method, path: String) -> Match {
        guard let (at, values) = find(path) else { return .none }
        let routes = nodes[at].routes
        guard let first = routes.first else { return .none }
        let wanted = method == .head ? .get : method
        if let route = routes.first(where: { $0.method == wanted }) { return .route(route, values) }
        return .methodNotAllowed(allowed: Self.allowed(by: routes), one: first.handler)
    }

    /// The node at the end of a path, and the values of the placeholders on the way; nil if the path leads nowhere.
    private func find(_ path: String) -> (node: Int, values: [String])? {
        let bytes = path.utf8.span
        guard !bytes.isEmpty, bytes[0] == Self.slash else { return nil }
        var at = 0
        var values: [String] = []
        var start = 1
        while true {
            var end = start
            var hasEscape = false
            while end < bytes.count, bytes[end] != Self.slash {
                if bytes[end] == UInt8(ascii: "%") { hasEscape = true }
                end += 1
            }
            let segment = bytes.extracting(start..<end)
            let next =
                hasEscape ? step(from: at, overEscaped: segment, &values) : step(from: at, over: segment, &values)
            guard let next else { return nil }
            at = next
            if end == bytes.count { return (at, values) }
            start = end + 1
        }
    }

    private func step(from node: Int, overEscaped segment: Span<UInt8>, _ values: inout [String]) -> Int? {
        let text = String(copying: segment)
        return step(from: node, over: (Percent.decode(text[...]) ?? text).utf8.span, &values)
    }

    private func step(from node: Int, over segment: Span<UInt8>, _ values: inout [String]) -> Int? {
        if let literal = nodes[node].literal(segment) { return literal }
        guard let placeholder = nodes[node].placeholder, !segment.isEmpty else { return nil }
        values.append(String(copying: segment))
        return placeholder
    }

    private static var slash: UInt8 { UInt8(ascii: "/") }

    private static func allowed(by routes: [Route]) -> [Method] {
        var allowed = routes.map(\.method)
        if allowed.contains(.get) { allowed.append(.head) }
        allowed.append(.options)
        return Method.allCases.filter(allowed.contains)
    }
}

extension Span<UInt8> {
    fileprivate func isEqual(to other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}

extension String {
    /// Copies a part of a text, cut where characters are.
    fileprivate init(copying bytes: Span<UInt8>) {
        if let text = try? UTF8Span(validating: bytes) { self.init(copying: text) } else { self = "" }
    }
}
