import Bytes
import HTTP
import JSON
import Loop
import Store
import Works

/// The page of a list that a request asks for, and the answer's links to further pages.
@LoopActor struct ListQuery {
    let limit: Int
    let start: PageStart
    /// What a cursor is valid for: path, filters and order as written in a link, without the limit.
    private let scope: String
    private let limitText: String?
    private let store: StoreConnection

    /// Reads `limit`, `offset` and `cursor`.
    ///
    /// - Parameters:
    ///   - parameters: the query of the request.
    ///   - call: the request.
    ///   - path: the path of the list, for links.
    ///   - filters: everything else that defines the list; a cursor is valid for these alone.
    ///   - isUnion: whether the list is a union of several sets, where an offset costs a walk through its items.
    ///   - defaultLimit: the size of a page if the request sends no limit.
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
        scope = Self.scope(path, filters)
        store = call.service.store
        if let text = parameters["cursor"] {
            if parameters["offset"] != nil { throw .parameterExcluded("offset", by: "cursor") }
            start = .after(try asking(store.position(ofCursor: text, in: scope)))
        } else {
            let first = call.service.settings.offsetUnit == .row ? offset : offset * limit
            if isUnion && first + limit > Self.unionReachMax {
                throw .offsetTooDeep(itemsMax: Self.unionReachMax)
            }
            start = .rank(first)
        }
    }

    /// The answer with a page's items, the total, and links to the next and the first page (RFC 8288).
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
        // The store's replies were within the limit, but names and escapes make the answer longer.
        if response.body.count > PageBudget.mebibytesMax << 20 {
            throw .pageTooLarge(mebibytesMax: PageBudget.mebibytesMax)
        }
        response.fields.append(Response.Field("X-Total-Count", String(page.total)))
        if page.totalIsLeast { response.fields.append(Response.Field("X-Total-Count-Relation", "gte")) }
        response.fields.append(Response.Field("Link", try asking(links(next: page.next))))
        return response
    }

    private func links(next: Position?) throws(StoreError) -> String {
        var links = ""
        links.reserveCapacity(2 * scope.utf8.count + Self.linkOverheadBytes)
        if limit > 0, let next {
            write("next", cursor: try store.cursor(after: next, in: scope), to: &links)
            links += ", "
        }
        write("first", cursor: nil, to: &links)
        return links
    }

    private func write(_ relation: String, cursor: String?, to links: inout String) {
        links += "<"
        links += scope
        // A scope without filters ends in a question mark: the next parameter follows without an ampersand.
        var hasQuery = scope.utf8.last != UInt8(ascii: "?")
        for (name, value) in [("limit=", limitText), ("cursor=", cursor)] {
            guard let value else { continue }
            if hasQuery { links += "&" }
            links += name
            links += value
            hasQuery = true
        }
        if !hasQuery { links.removeLast() }
        links += ">; rel=\""
        links += relation
        links += "\""
    }

    private static func scope(_ path: String, _ filters: [(String, String)]) -> String {
        var scope = path + "?"
        var isFirst = true
        for (name, value) in filters where !value.isEmpty {
            if !isFirst { scope += "&" }
            scope += name
            scope += "="
            scope += Percent.encode(value)
            isFirst = false
        }
        return scope
    }

    /// Room for limits, a cursor with an id of the usual length, and punctuation.
    private static let linkOverheadBytes = 256
    static let limitMax = 1000
    /// Longer than any list, yet offset × limit stays far from overflow.
    private static let offsetMax = 1_000_000_000
    /// The deepest item of a union that a page with an offset may reach; a cursor goes further at constant cost.
    private static let unionReachMax = 10_000
}
