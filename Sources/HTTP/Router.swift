internal import Glibc

/// Finds the route of a path: a tree of segments, where a literal goes before a placeholder.
///
/// `Handler` is whatever the routes lead to. A template is written like `/api/v1/works/:work_id`.
public struct Router<Handler: Sendable>: Sendable {
    /// One method of one template.
    public struct Route: Sendable {
        public let method: Method
        public let template: String
        public let handler: Handler
    }

    /// Where a request leads.
    public enum Match: Sendable {
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
        func literal(_ segment: UnsafeBufferPointer<UInt8>) -> Int? {
            guard let start = segment.baseAddress else { return nil }
            return literals.first { literal in
                literal.segment.count == segment.count && memcmp(literal.segment, start, segment.count) == 0
            }?.node
        }
    }

    private var nodes = [Node()]

    public init() {}

    /// Every route, for those who list them.
    public var routes: [Route] {
        nodes.flatMap(\.routes)
    }

    public mutating func add(_ method: Method, _ template: String, _ handler: Handler) {
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
            if let known = literal.withUnsafeBufferPointer({ nodes[parent].literal($0) }) { return known }
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
    public func match(_ method: Method, path: String) -> Match {
        var path = path
        guard let (at, values) = path.withUTF8({ find($0) }) else { return .none }
        let routes = nodes[at].routes
        guard let first = routes.first else { return .none }
        let wanted = method == .head ? .get : method
        if let route = routes.first(where: { $0.method == wanted }) { return .route(route, values) }
        return .methodNotAllowed(allowed: Self.allowed(by: routes), one: first.handler)
    }

    /// The node at the end of a path, and the values of the placeholders on the way; nil if the path leads nowhere.
    private func find(_ path: UnsafeBufferPointer<UInt8>) -> (node: Int, values: [String])? {
        guard path.first == Self.slash else { return nil }
        var at = 0
        var values: [String] = []
        var start = 1
        while true {
            let end = path[start...].firstIndex(of: Self.slash) ?? path.endIndex
            let segment = UnsafeBufferPointer(rebasing: path[start..<end])
            if segment.contains(UInt8(ascii: "%")) {
                let text = String(decoding: segment, as: UTF8.self)
                var decoded = Percent.decode(text[...]) ?? text
                guard let next = decoded.withUTF8({ step(from: at, over: $0, &values) }) else { return nil }
                at = next
            } else {
                guard let next = step(from: at, over: segment, &values) else { return nil }
                at = next
            }
            if end == path.endIndex { return (at, values) }
            start = end + 1
        }
    }

    private func step(from node: Int, over segment: UnsafeBufferPointer<UInt8>, _ values: inout [String]) -> Int? {
        if let literal = nodes[node].literal(segment) { return literal }
        guard let placeholder = nodes[node].placeholder, !segment.isEmpty else { return nil }
        values.append(String(decoding: segment, as: UTF8.self))
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
