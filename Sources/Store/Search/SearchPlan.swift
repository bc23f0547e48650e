import Bytes
import Folding
import Secrets
import Works

/// How to find what a filter with texts asks for: the terms, and the conditions on the texts themselves.
struct SearchPlan: Equatable {
    /// A condition on one text of a work.
    struct Condition: Equatable {
        /// The kind, by its name in the functions' `meets`.
        enum Kind: String {
            /// The text is this one, byte by byte.
            case equals
            /// The folded text contains this one.
            case contains
        }

        let kind: Kind
        let field: Term.TextField
        let text: String
    }

    /// Lists of terms, all of which a work must have, rarest terms first; no work matches two of the lists.
    ///
    /// More than one if the filter has comma lists: at most 8 statuses × 4 frequencies.
    let alternatives: [[Term]]
    /// The term of exactly those works that lack the last term of each list; nil if there is none.
    let complement: Term?
    /// What the terms leave undecided.
    let open: [Condition]
    /// All of the filter's conditions on texts, for a walk without terms.
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
                conditions.append(Condition(kind: .equals, field: field, text: text))
            case .contains(let text):
                terms += Gram.query(for: text).map { .gram($0, field) }
                conditions.append(Condition(kind: .contains, field: field, text: text.text))
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

extension MessagePack {
    /// The conditions as the functions' `meets` reads them.
    init(_ conditions: [SearchPlan.Condition]) {
        self.init()
        for condition in conditions {
            var fields = MessagePack()
            fields.set("kind", to: condition.kind.rawValue)
            fields.set("field", to: condition.field.rawValue)
            switch condition.kind {
            case .equals: fields.set("text", to: condition.text)
            case .contains:
                fields.set("folded", to: condition.field.folded)
                fields.set(Needle(condition.text))
            }
            append(map: fields)
        }
    }
}
