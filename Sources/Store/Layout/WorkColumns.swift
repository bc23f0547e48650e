import Redis
import Works

/// The columns of a work's hash: every field of the work but its id, which is in the key, and three of the store's own.
enum WorkColumns {
    static let fields = WorkField.allCases.filter { $0 != .workID }

    static let version = fields.count
    static let sequence = version + 1
    static let idempotencyKey = version + 2
    static let count = version + 3

    /// The columns, in the order in which their values are read.
    static let hashFields = HashFields(names)
    /// The same columns, followed by those of a ``Tombstone``, which may be there instead.
    static let hashFieldsOrTombstone = HashFields(names + Tombstone.names)

    private static let names = fields.map(\.name) + ["version", "seq", "idem"]

    static let versionName = hashFields.names[version]
    static let sequenceName = hashFields.names[sequence]
    static let idempotencyKeyName = hashFields.names[idempotencyKey]
}

extension WorkField {
    /// The column of this field's value; the id has none.
    var column: Int { rawValue - 1 }
}
