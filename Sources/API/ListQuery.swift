internal import HTTP
internal import JSON
internal import Loop
internal import Store
internal import Works

/// Which part of a list a request asks for, and how the answer tells where the next part is.
@LoopActor struct ListQuery {
    let limit: Int
    let start: PageStart
    private let path: String
    /// The filters and the order as they go into links: names and values, without blanks.
    private let filters: [(name: String, value: String)]
    private let limitText: String?
    private let secret: SipKey

    /// Reads `limit`, `offset` and `cursor`.
    ///
    /// - Parameters:
    ///   - parameters: the query of the request.
    ///   - call: the request.
    ///   - path: where the list is, for links.
    ///   - filters: everything else that makes up the list; a cursor holds for these alone.
    ///   - isUnion: whether the list is put together from several sets, which an offset has to walk through.
    ///   - defaultLimit: how many items a page has if the request does not say.
    /// - Throws: what is wrong with a parameter.
    init(
        _ parameters: Parameters,
        call: Call,
        path: String,
        filters: [(String, String)],
        isUnion: Bool,
        defaultLimit: Int
    ) throws(Failure) {
        limit = try parameters.integer("limit", in: 0...Self.limitMax, default: defaultLimit)
        let offset = try parameters.integer("offset", in: 0...Self.offsetMax, default: 0)
        limitText = parameters["limit"]
        self.path = path
        self.filters = filters.filter { !$0.1.isEmpty }.map { (name: $0.0, value: $0.1) }
        secret = try call.service.storage.signingKey()
        if let text = parameters["cursor"] {
            if parameters["offset"] != nil { throw .parameterRefused("offset", .excludes("cursor")) }
            start = .after(try Cursor(text: text, for: Self.scope(path, self.filters), key: secret).position)
        } else {
            let first = call.service.settings.offsetUnit == .row ? offset : offset * limit
            if isUnion && first + limit > Self.unionReachMax {
                throw .parameterRefused("offset", .beyondReach(max: Self.unionReachMax))
            }
            start = .rank(first)
        }
    }

    /// The items of a page, its total, and links to the next and the first page (RFC 8288).
    func answer<Item>(
        _ page: Page<Item>,
        _ write: (Item, inout JSONWriter) -> Void
    ) throws(Failure) -> Response {
        var response = Response.success(capacity: 64 + page.items.count * 640) { json in
            json.literal("[")
            for (index, item) in page.items.enumerated() {
                if index > 0 { json.literal(",") }
                write(item, &json)
            }
            json.literal("]")
        }
        response.fields.append(Response.Field("X-Total-Count", String(page.total)))
        if page.totalIsLeast { response.fields.append(Response.Field("X-Total-Count-Relation", "gte")) }
        response.fields.append(Response.Field("Link", links(next: page.next)))
        return response
    }

    private func links(next: Position?) -> String {
        let first = link("first", cursor: nil)
        guard limit > 0, let next else { return first }
        let cursor = Cursor(position: next).text(for: Self.scope(path, filters), key: secret)
        return link("next", cursor: cursor) + ", " + first
    }

    private func link(_ relation: String, cursor: String?) -> String {
        var pairs = filters.map { $0.name + "=" + Percent.encode($0.value) }
        if let limitText { pairs.append("limit=" + limitText) }
        if let cursor { pairs.append("cursor=" + cursor) }
        return "<" + path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")) + ">; rel=\"\(relation)\""
    }

    /// What a cursor holds for: path, filters and order, but not the limit.
    private static func scope(_ path: String, _ filters: [(name: String, value: String)]) -> String {
        path + "?" + filters.map { $0.name + "=" + Percent.encode($0.value) }.joined(separator: "&")
    }

    static let limitMax = 1000
    /// No list is that long; it keeps offset × limit far from overflow.
    private static let offsetMax = 1_000_000_000
    /// How far an offset may reach into a union; beyond that, a cursor gets there at a constant cost.
    private static let unionReachMax = 10_000
}
