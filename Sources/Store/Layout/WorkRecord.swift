import Bytes
import Folding
package import Redis
package import Works

/// A work as its hash keeps it.
package struct WorkRecord: Equatable, Sendable {
    package var work: Work
    /// The number of the work in the order of creation.
    package var sequence: Int
    /// The key of the idempotency record it was created with.
    package var idempotencyKey: String?

    /// The fields of the hash, in the order in which ``init(id:values:)`` expects their values.
    package static let hashFields = HashFields(Column.allCases.map(\.name))

    /// The place of a field's value among those of ``hashFields``.
    enum Column: Int, CaseIterable {
        case lambdaID, userID, name, description, type, category, status, workDirectory, mainClassName, extraParams
        case javaVersion, runFrequency, createdAt, updatedAt, deletedAt, version, sequence, idempotencyKey

        static let count = allCases.count
    }

    /// The number's place in the hash of ids.
    var idField: String { String(sequence % Keys.idsPerHash) }

    init(work: Work, sequence: Int, idempotencyKey: String? = nil) {
        self.work = work
        self.sequence = sequence
        self.idempotencyKey = idempotencyKey
    }

    /// Reads the values of ``hashFields``; nil if they are not those of a work.
    package init?(id: WorkID, values: Reply) {
        guard
            values.count >= Column.count,
            let userID = values[.userID].string,
            let name = values[.name].string,
            let type = values[.type].string.flatMap(WorkType.init(rawValue:)),
            let category = values[.category].string.flatMap(Category.init(rawValue:)),
            let status = values[.status].integer.flatMap(Status.init),
            let createdAt = values[.createdAt].integer,
            let updatedAt = values[.updatedAt].integer,
            let version = values[.version].integer,
            let sequence = values[.sequence].integer
        else { return nil }
        work = Work(
            id: id,
            lambdaID: values[.lambdaID].string,
            userID: userID,
            name: name,
            description: values[.description].string ?? "",
            type: type,
            category: category,
            status: status,
            workDirectory: values[.workDirectory].string,
            mainClassName: values[.mainClassName].string,
            extraParams: values[.extraParams].string.map(ExtraParams.init(json:)),
            javaVersion: values[.javaVersion].string,
            runFrequency: values[.runFrequency].string.flatMap(RunFrequency.init(rawValue:)),
            createdAt: Timestamp(milliseconds: createdAt),
            updatedAt: Timestamp(milliseconds: updatedAt),
            deletedAt: values[.deletedAt].integer.map(Timestamp.init(milliseconds:)),
            version: version
        )
        self.sequence = sequence
        idempotencyKey = values[.idempotencyKey].string
    }

    /// Every field of the hash, the texts that searches look at first: Redis finds a field by passing those before it.
    var fields: [Field] {
        folded + plain
    }

    private var plain: [Field] {
        [
            Field("lambda_id", work.lambdaID),
            Field("user_id", work.userID),
            Field("name", work.name),
            Field("description", work.description.isEmpty ? nil : work.description),
            Field("type", work.type.rawValue),
            Field("category", work.category.rawValue),
            Field("status", String(work.status.number)),
            Field("work_directory", work.workDirectory),
            Field("main_class_name", work.mainClassName),
            Field("extra_params", work.extraParams?.json),
            Field("java_version", work.javaVersion),
            Field("run_frequency", work.runFrequency?.rawValue),
            Field("created_at", String(work.createdAt.milliseconds)),
            Field("updated_at", String(work.updatedAt.milliseconds)),
            Field("deleted_at", work.deletedAt.map { String($0.milliseconds) }),
            Field("version", String(work.version)),
            Field("seq", String(sequence)),
            Field("idem", idempotencyKey),
        ]
    }

    /// The folded texts, where they are not the texts themselves.
    var folded: [Field] {
        [(Term.TextField.name, work.name), (.description, work.description)].map { field, text in
            let folded = FoldedText(folding: text).text
            return Field(field.folded, folded.isExactly(text) ? nil : folded)
        }
    }

    /// The fields that differ from those of `old`.
    func changes(since old: WorkRecord) -> [Field] {
        let hasSameTexts = work.name.isExactly(old.work.name) && work.description.isExactly(old.work.description)
        let (new, old) = hasSameTexts ? (plain, old.plain) : (fields, old.fields)
        return zip(new, old).compactMap { $0 == $1 ? nil : $0 }
    }
}

extension WorkRecord.Column {
    fileprivate var name: StaticString {
        switch self {
        case .lambdaID: "lambda_id"
        case .userID: "user_id"
        case .name: "name"
        case .description: "description"
        case .type: "type"
        case .category: "category"
        case .status: "status"
        case .workDirectory: "work_directory"
        case .mainClassName: "main_class_name"
        case .extraParams: "extra_params"
        case .javaVersion: "java_version"
        case .runFrequency: "run_frequency"
        case .createdAt: "created_at"
        case .updatedAt: "updated_at"
        case .deletedAt: "deleted_at"
        case .version: "version"
        case .sequence: "seq"
        case .idempotencyKey: "idem"
        }
    }
}

extension Reply {
    subscript(_ place: WorkRecord.Column) -> Reply {
        self[place.rawValue]
    }
}
