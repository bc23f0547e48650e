internal import Folding
internal import Works

/// What works are found by through posting sets: a gram of a text, a whole text, or an attribute.
///
/// A term is its text in the keys, such as `n=订单` or `u=ann`; ``Keys`` lists the kinds.
enum Terms {
    static let live = "l"
    static let trash = "t"

    static func user(_ userID: String) -> String { "u=" + userID }

    static func status(_ status: Status) -> String { "s=\(status.number)" }

    static func frequency(_ frequency: RunFrequency) -> String { "f=" + frequency.rawValue }

    /// The two texts of a work that lists and searches look at.
    enum TextField: String {
        case name
        case description

        fileprivate var gram: String { self == .name ? "n=" : "d=" }

        fileprivate var whole: String { self == .name ? "N=" : "D=" }

        /// The field with the folded form, where that differs.
        var folded: String { rawValue + "_folded" }

        func grams(_ grams: [String]) -> [String] { grams.map { gram + $0 } }

        /// The term of the whole text, byte by byte: a fingerprint that nobody without the secret can make another text for.
        func whole(_ text: String, secret: SipKey) -> String {
            whole + Base64URL.text(Array(sipHash(Array((whole + text).utf8), key: secret).bytes.prefix(12)))
        }
    }

    /// Every term of a work.
    static func all(of work: Work, secret: SipKey) -> [String] {
        attributes(of: work) + texts(work.name, in: .name, secret: secret)
            + texts(work.description, in: .description, secret: secret)
    }

    /// The terms that a changed work has lost and gained; what did not change is not looked at.
    static func change(from old: Work, to new: Work, secret: SipKey) -> (lost: [String], gained: [String]) {
        var before = attributes(of: old)
        var after = attributes(of: new)
        if !old.name.isExactly(new.name) {
            before += texts(old.name, in: .name, secret: secret)
            after += texts(new.name, in: .name, secret: secret)
        }
        if !old.description.isExactly(new.description) {
            before += texts(old.description, in: .description, secret: secret)
            after += texts(new.description, in: .description, secret: secret)
        }
        let (had, has) = (Set(before.map(ExactText.init)), Set(after.map(ExactText.init)))
        return (
            before.filter { !has.contains(ExactText($0)) },
            after.filter { !had.contains(ExactText($0)) }
        )
    }

    private static func attributes(of work: Work) -> [String] {
        [work.isDeleted ? trash : live, user(work.userID), status(work.status)]
            + (work.runFrequency.map { [frequency($0)] } ?? [])
    }

    /// A blank text has no terms: no query asks for one.
    private static func texts(_ text: String, in field: TextField, secret: SipKey) -> [String] {
        guard !text.isEmpty else { return [] }
        return field.grams(Grams.all(of: FoldedText(folding: text))) + [field.whole(text, secret: secret)]
    }
}
