import Bytes
import Folding
public import Redis
public import Works

/// A work as its hash keeps it, taken apart to be changed or compared.
///
/// A work that is only to be sent stays a ``StoredWork``.
public struct WorkRecord: Sendable {
    public var work: Work
    /// The number of the work in the order of creation.
    public let sequence: Int
    /// The key of the idempotency record it was created with.
    public let idempotencyKey: String?

    init(work: Work, sequence: Int, idempotencyKey: String? = nil) {
        self.work = work
        self.sequence = sequence
        self.idempotencyKey = idempotencyKey
    }

    /// Reads the values of ``WorkColumns/hashFields``; nil if they are not those of a work.
    public init?(id: WorkID, values: Reply) {
        guard let stored = StoredWork(id: id, values: values) else { return nil }
        self = stored.record
    }

    /// The number's field in its hash of ids.
    var idField: String { String(sequence % Keys.idsPerHash) }

    /// Every field of the hash: those of the work, and the store's own.
    ///
    /// Without `texts` the folded ones are omitted.
    ///
    /// The folded texts come first, since searches read them most: Redis finds a field by scanning those before it.
    func fields(texts: FoldedTexts?) -> [Field] {
        (texts?.fields(besides: work) ?? []) + ownFields
    }

    private var ownFields: [Field] {
        WorkColumns.fields.map { Field($0.text, work.value(of: $0).stored) } + [
            Field(WorkColumns.versionName, String(work.version)),
            Field(WorkColumns.sequenceName, String(sequence)),
            Field(WorkColumns.idempotencyKeyName, idempotencyKey),
        ]
    }

    /// The fields that differ from those of `old`; `oldTexts` and `texts` are nil if the texts are the same.
    func changes(since old: WorkRecord, texts oldTexts: FoldedTexts?, _ texts: FoldedTexts?) -> [Field] {
        zip(old.fields(texts: oldTexts), fields(texts: texts)).compactMap { $0 == $1 ? nil : $1 }
    }
}

/// The columns of a work's hash: every field of the work but its id, which is in the key, and three of the store's own.
enum WorkColumns {
    static let fields = WorkField.allCases.filter { $0 != .workID }

    static let version = fields.count
    static let sequence = version + 1
    static let idempotencyKey = version + 2
    static let count = version + 3

    /// The columns, in the order in which their values are read.
    static let hashFields = HashFields(fields.map(\.name) + ["version", "seq", "idem"])

    static let versionName = hashFields.names[version]
    static let sequenceName = hashFields.names[sequence]
    static let idempotencyKeyName = hashFields.names[idempotencyKey]
}

extension WorkField {
    /// The column of this field's value; the id has none.
    var column: Int { rawValue - 1 }
}

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
        [(Term.TextField.name, name, work.name), (.description, description, work.description)].map {
            field,
            folded,
            text in
            Field(field.folded, folded.text.isExactly(text) ? nil : folded.text)
        }
    }
}

extension FieldValue {
    /// The value as a hash keeps it: times in milliseconds; nil means blank, and blank fields are not stored.
    var stored: String? {
        switch self {
        case .text(let text): text?.isEmpty == false ? text : nil
        case .number(let number): String(number)
        case .time(let time): time.map { String($0.milliseconds) }
        case .extraParams(let extraParams): extraParams?.json
        }
    }
}
