import Bytes

/// The templates of a ``Router`` as a tree of segments, where a literal takes precedence over a placeholder.
struct PathTree: Sendable {
    /// What can follow a sequence of segments; nodes refer to each other by their indexes in ``nodes``.
    private struct Node: Sendable {
        var literals: [Literal] = []
        var placeholder: Int?
        /// The number of the template that ends here.
        var template: Int?

        /// The node after a literal segment; a node has few literals, so comparing beats hashing.
        func literal(_ segment: Span<UInt8>) -> Int? {
            for literal in literals where segment.isEqual(to: literal.segment.span) { return literal.node }
            return nil
        }
    }

    private struct Literal: Sendable {
        let segment: [UInt8]
        let node: Int
    }

    private var nodes = [Node()]
    private var templateCount = 0
    private static let root = 0

    /// The number of a template, counting from 0 in the order in which they are added; adds it if it is new.
    mutating func add(_ template: String) -> Int {
        var node = Self.root
        for segment in template.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            node = addNode(below: node, for: segment)
        }
        if let known = nodes[node].template { return known }
        nodes[node].template = templateCount
        templateCount += 1
        return templateCount - 1
    }

    private mutating func addNode(below parent: Int, for segment: Substring) -> Int {
        let new = nodes.count
        if segment.hasPrefix(":") {
            if let known = nodes[parent].placeholder { return known }
            nodes[parent].placeholder = new
        } else {
            let segment = Array(segment.utf8)
            if let known = nodes[parent].literal(segment.span) { return known }
            nodes[parent].literals.append(Literal(segment: segment, node: new))
        }
        nodes.append(Node())
        return new
    }

    /// Finds the template of a path, whose segments may contain escapes.
    ///
    /// A segment that cannot be decoded is used as it is: no literal matches it, and no id may contain its `%`.
    ///
    /// - Parameters:
    ///   - path: the path of a request.
    ///   - values: receives the decoded values of the template's placeholders, in order.
    /// - Returns: the number of the template; nil if no template matches.
    func template(of path: String, _ values: inout [String]) -> Int? {
        let bytes = path.utf8.span
        guard !bytes.isEmpty, bytes[0] == UInt8(ascii: "/") else { return nil }
        var node = Self.root
        var start = 1
        while true {
            var end = start
            var hasEscape = false
            while end < bytes.count {
                let byte = bytes[end]
                if byte == UInt8(ascii: "/") { break }
                if byte == UInt8(ascii: "%") { hasEscape = true }
                end += 1
            }
            let segment = bytes.extracting(start..<end)
            let next =
                hasEscape
                ? step(from: node, overEscaped: segment, &values) : step(from: node, over: segment, &values)
            guard let next else { return nil }
            node = next
            if end == bytes.count { return nodes[node].template }
            start = end + 1
        }
    }

    private func step(from node: Int, overEscaped segment: Span<UInt8>, _ values: inout [String]) -> Int? {
        let text = String(copying: segment)
        let decoded = Percent.decode(text[...]) ?? text
        return step(from: node, over: decoded.utf8.span, &values)
    }

    private func step(from node: Int, over segment: Span<UInt8>, _ values: inout [String]) -> Int? {
        if let literal = nodes[node].literal(segment) { return literal }
        guard let placeholder = nodes[node].placeholder, !segment.isEmpty else { return nil }
        values.append(String(copying: segment))
        return placeholder
    }
}

extension Span<UInt8> {
    fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}

extension String {
    /// Copies a segment of a path: always UTF-8, because slashes and escapes are ASCII.
    fileprivate init(copying segment: Span<UInt8>) {
        if let text = try? UTF8Span(validating: segment) { self.init(copying: text) } else { self = "" }
    }
}
