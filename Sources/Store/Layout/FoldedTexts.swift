import Bytes
import Folding
import Works

/// The two texts of a work as searches compare them.
struct FoldedTexts: Sendable {
    let name: FoldedText
    let description: FoldedText

    init(of work: Work) {
        name = FoldedText(folding: work.name)
        description = FoldedText(folding: work.description)
    }

    /// Their fields in the hash; blank if the text itself is its folded form.
    func fields(besides work: Work) -> [Field] {
        [Self.field(.name, name, besides: work.name), Self.field(.description, description, besides: work.description)]
    }

    private static func field(_ field: Term.TextField, _ folded: FoldedText, besides text: String) -> Field {
        Field(field.folded, folded.text.isExactly(text) ? nil : folded.text)
    }
}
