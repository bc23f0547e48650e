import TestSupport
import Testing

/// A page of a list: its items, the total, and the links to other pages.
struct Page: Sendable {
    let answer: Answer
    let items: [Value]
    let total: Int
    /// Targets of the `Link` header by their relation.
    let links: [String: String]

    init(_ answer: Answer) throws {
        self.answer = answer
        items = answer.data.items
        total = try #require(answer["X-Total-Count"].flatMap(Int.init), "\(answer)")
        links = try Self.links(answer)
    }

    var ids: [String] { items.compactMap { $0["work_id"].string } }
    var taskIDs: [String] { items.compactMap { $0["task_id"].string } }
    var next: String? { links["next"] }

    /// The cursor in the link to the next page.
    var cursor: String? {
        guard let query = next?.split(separator: "?", maxSplits: 1).last else { return nil }
        let fields = query.split(separator: "&").filter { $0.hasPrefix("cursor=") }
        return fields.first.map { String($0.dropFirst("cursor=".count)) }
    }

    /// Reads `<target>; rel="name", …`; an absolute target is made relative to the server.
    private static func links(_ answer: Answer) throws -> [String: String] {
        var links: [String: String] = [:]
        for link in answer.all("Link").joined(separator: ", ").split(separator: ", ") {
            let match = try #require(try #/<([^<>]*)>; ?rel="?([a-z]+)"?/#.wholeMatch(in: link), "\(answer)")
            var target = String(match.1)
            if let absolute = try #/https?://[^/]+(/.*)/#.wholeMatch(in: target) { target = String(absolute.1) }
            #expect(links[String(match.2)] == nil, "\(answer)")
            links[String(match.2)] = target
        }
        return links
    }
}
