import Bytes
import Folding
import Redis
import Works

/// A work as its hash keeps it, taken apart to be changed or compared.
///
/// A work that is only to be sent stays a ``StoredWork``.
struct WorkRecord: Sendable {
    var work: Work
    /// The number of the work in the order of creation.
    let sequence: Int
    /// The key of the idempotency record it was created with.
    let idempotencyKey: String?

    init(work: Work, sequence: Int, idempotencyKey: String? = nil) {
        self.work = work
        self.sequence = sequence
        self.idempotencyKey = idempotencyKey
    }

    /// Reads the values of ``WorkColumns/hashFields``; nil if they are not those of a work.
    init?(id: WorkID, values: Reply) {
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
