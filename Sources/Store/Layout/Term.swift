import Bytes
import Folding
import Secrets
import Works

/// What a posting set is for: a gram of a text, a whole text, or an attribute of works.
///
/// ``Keys`` lists how each is written in a key. Terms are compared by their bytes, as keys are.
enum Term: Hashable {
    case gram(Gram, TextField)
    /// A whole text, by its fingerprint; without the store's secret, a text with the same one cannot be forged.
    case whole(fingerprint: ExactText, TextField)
    case user(ExactText)
    case status(Status)
    case frequency(RunFrequency)
    case live
    case trash

    /// The two texts of a work that lists and searches filter by.
    enum TextField: String {
        case name
        case description

        /// The field of the hash with the folded form, if that differs from the text.
        var folded: String { rawValue + "_folded" }
    }

    /// The term in a key.
    var text: String {
        switch self {
        case .gram(let gram, .name): "n=" + gram.text
        case .gram(let gram, .description): "d=" + gram.text
        case .whole(let fingerprint, .name): "N=" + fingerprint.text
        case .whole(let fingerprint, .description): "D=" + fingerprint.text
        case .user(let userID): "u=" + userID.text
        case .status(let status): "s=\(status.number)"
        case .frequency(let frequency): "f=" + frequency.rawValue
        case .live: "l"
        case .trash: "t"
        }
    }

    static func whole(_ text: String, in field: TextField, secret: SecretKey) -> Term {
        let tag = secret.tag(of: Array((field.rawValue + " " + text).utf8))
        return .whole(fingerprint: ExactText(Base64URL.text(Array(tag.bytes.prefix(12)))), field)
    }

    // MARK: Of works

    /// Every term of a work, each once.
    static func all(of work: Work, secret: SecretKey) -> [Term] {
        let texts = FoldedTexts(of: work)
        return attributes(of: work) + terms(of: work.name, texts.name, in: .name, secret: secret)
            + terms(of: work.description, texts.description, in: .description, secret: secret)
    }

    /// The terms that a changed work has lost and gained; an unchanged text is not examined.
    static func change(by change: WorkChange, secret: SecretKey) -> (lost: [Term], gained: [Term]) {
        let (old, new) = (change.old?.work, change.new?.work)
        var before = old.map(attributes) ?? []
        var after = new.map(attributes) ?? []
        if !(old?.name).isExactly(new?.name) {
            if let old, let texts = change.oldTexts {
                before += terms(of: old.name, texts.name, in: .name, secret: secret)
            }
            if let new, let texts = change.newTexts {
                after += terms(of: new.name, texts.name, in: .name, secret: secret)
            }
        }
        if !(old?.description).isExactly(new?.description) {
            if let old, let texts = change.oldTexts {
                before += terms(of: old.description, texts.description, in: .description, secret: secret)
            }
            if let new, let texts = change.newTexts {
                after += terms(of: new.description, texts.description, in: .description, secret: secret)
            }
        }
        guard old != nil, new != nil else { return (before, after) }
        let (had, has) = (Set(before), Set(after))
        return (before.filter { !has.contains($0) }, after.filter { !had.contains($0) })
    }

    private static func attributes(of work: Work) -> [Term] {
        [work.isDeleted ? trash : live, .user(ExactText(work.userID)), .status(work.status)]
            + (work.runFrequency.map { [.frequency($0)] } ?? [])
    }

    /// A blank text has no terms: no query asks for one.
    private static func terms(
        of text: String,
        _ folded: FoldedText,
        in field: TextField,
        secret: SecretKey
    ) -> [Term] {
        guard !text.isEmpty else { return [] }
        var terms = Gram.all(of: folded).map { Term.gram($0, field) }
        terms.append(whole(text, in: field, secret: secret))
        return terms
    }
}
