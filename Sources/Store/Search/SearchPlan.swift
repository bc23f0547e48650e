import Bytes
import Folding
import Redis
import Secrets
import Works

/// How a filter with texts is looked for: by which terms, and by which look at the texts themselves.
struct SearchPlan: Equatable {
    /// A look at one text, in the words of the scripts' `meets`.
    struct Condition: Equatable {
        let kind: String
        let field: Term.TextField
        let text: String
    }

    /// Lists of terms that a work must have together, those that few have first; no work meets two of the lists.
    ///
    /// More than one if the filter has comma lists: at most 8 statuses × 4 frequencies.
    let alternatives: [[Term]]
    /// The term of all works, and of no others, that lack the last term of each list; nil if there is none.
    let complement: Term?
    /// What of the filter the terms leave open.
    let open: [Condition]
    /// All that the filter says of texts, for a walk that does not go by terms.
    let conditions: [Condition]

    init(_ filter: Filter, isTrash: Bool, secret: SecretKey) {
        var terms: [Term] = isTrash ? [.trash] : []
        var open: [Condition] = []
        var conditions: [Condition] = []
        if let userID = filter.userID { terms.append(.user(ExactText(userID))) }
        for (field, text) in [(Term.TextField.name, filter.name), (.description, filter.description)] {
            switch text {
            case nil: break
            case .exactly(let text):
                terms.append(.whole(text, in: field, secret: secret))
                conditions.append(Condition(kind: "is", field: field, text: text))
            case .contains(let text):
                terms += Gram.query(for: text).map { .gram($0, field) }
                conditions.append(Condition(kind: "has", field: field, text: text.text))
                if !Gram.isExact(text), let condition = conditions.last { open.append(condition) }
            }
        }
        let statuses: [[Term]] = filter.statuses.isEmpty ? [[]] : filter.statuses.map { [.status($0)] }
        let frequencies: [[Term]] = filter.frequencies.isEmpty ? [[]] : filter.frequencies.map { [.frequency($0)] }
        let common: [Term] = isTrash ? [] : [.live]
        alternatives = statuses.flatMap { status in frequencies.map { terms + status + $0 + common } }
        complement = isTrash ? nil : .trash
        self.open = open
        self.conditions = conditions
    }
}

extension Command {
    /// Appends the number of conditions, and the words of each.
    mutating func append(_ conditions: [SearchPlan.Condition]) {
        append(conditions.count)
        for condition in conditions {
            for word in [condition.kind, condition.field.rawValue, condition.field.folded, condition.text] {
                append(word)
            }
        }
    }
}
