import Folding
import Works

@testable import Store

/// All works of a store in the order of their creation, and what lists and searches must find among them: by looking at
/// every single one.
struct Model {
    private struct Entry {
        let work: Work
        let name: [Unicode.Scalar]
        let description: [Unicode.Scalar]

        init(_ work: Work) {
            self.work = work
            name = Array(FoldedText(folding: work.name).text.unicodeScalars)
            description = Array(FoldedText(folding: work.description).text.unicodeScalars)
        }
    }

    private var entries: [Entry] = []

    var works: [Work] { entries.map(\.work) }

    mutating func add(_ work: Work) {
        entries.append(Entry(work))
    }

    mutating func replace(_ work: Work) {
        if let index = entries.firstIndex(where: { $0.work.id == work.id }) { entries[index] = Entry(work) }
    }

    mutating func remove(_ id: WorkID) {
        entries.removeAll { $0.work.id == id }
    }

    /// The ids a query is to find, in order.
    func ids(_ query: Query) -> [String] {
        let found = entries.filter { $0.work.isDeleted == query.isTrash && matches($0, query.filter) }.map(\.work)
        switch query.order {
        case nil: return found.reversed().map(\.id.text)
        case .trash: return sorted(found, isDescending: true) { $0.deletedAt ?? $0.createdAt }
        case .live(.createdAscending): return sorted(found, isDescending: false, by: \.createdAt)
        case .live(.createdDescending): return sorted(found, isDescending: true, by: \.createdAt)
        case .live(.updatedAscending): return sorted(found, isDescending: false, by: \.updatedAt)
        case .live(.updatedDescending): return sorted(found, isDescending: true, by: \.updatedAt)
        }
    }

    private func sorted(_ works: [Work], isDescending: Bool, by time: (Work) -> Timestamp) -> [String] {
        let sorted = works.sorted { (time($0).seconds, $0.id.text) < (time($1).seconds, $1.id.text) }
        return (isDescending ? sorted.reversed() : sorted).map(\.id.text)
    }

    /// On purpose without the code under test: whole and part are compared scalar by scalar.
    private func matches(_ entry: Entry, _ filter: Filter) -> Bool {
        let work = entry.work
        if let userID = filter.userID, Array(userID.utf8) != Array(work.userID.utf8) { return false }
        if !filter.statuses.isEmpty, !filter.statuses.contains(work.status) { return false }
        if !filter.frequencies.isEmpty {
            guard let frequency = work.runFrequency, filter.frequencies.contains(frequency) else { return false }
        }
        return matches(work.name, entry.name, filter.name)
            && matches(work.description, entry.description, filter.description)
    }

    private func matches(_ text: String, _ folded: [Unicode.Scalar], _ match: Filter.TextMatch?) -> Bool {
        switch match {
        case nil: true
        case .exactly(let wanted): Array(text.utf8) == Array(wanted.utf8)
        case .contains(let part): holds(folded, Array(part.text.unicodeScalars))
        }
    }

    private func holds(_ text: [Unicode.Scalar], _ part: [Unicode.Scalar]) -> Bool {
        guard part.count <= text.count else { return false }
        return (0...text.count - part.count).contains { text[$0..<$0 + part.count].elementsEqual(part) }
    }
}

/// A list or a search.
struct Query: CustomStringConvertible {
    var filter = Filter()
    /// Nil for a search of live works by text, whose order is that of creation.
    var order: ListOrder?

    var isTrash: Bool { order == .trash }

    var description: String {
        let name = filter.name.map { " name \($0)" } ?? ""
        let text = filter.description.map { " description \($0)" } ?? ""
        let user = filter.userID.map { " user \($0)" } ?? ""
        return "\(order.map { "\($0)" } ?? "search")\(name)\(text)\(user) "
            + "\(filter.statuses.map(\.number)) \(filter.frequencies.map(\.rawValue))"
    }
}
