/// The fields of a work: the one list of their names, rules and access.
///
/// Drafts, patches, the hash in the store, JSON and messages are derived from it. A new field needs a case here, a
/// property of ``Work``, and a line in each switch over the fields; the compiler names those that lack it.
public enum WorkField: Int, BodyField {
    case workID, lambdaID, userID, name, description, type, category, status, workDirectory, mainClassName, extraParams
    case javaVersion, runFrequency, createdAt, updatedAt, deletedAt

    public var name: StaticString {
        switch self {
        case .workID: "work_id"
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
        }
    }

    public static let names = makeNames()
    public static let keys = makeKeys()

    public var expected: Expected {
        switch self {
        case .workID: .identifier
        case .lambdaID: .text(1...128)
        case .userID: .text(1...128)
        case .name: .text(1...255)
        case .description: .text(0...4096)
        case .type: .choice(of: WorkType.self)
        case .category: .choice(of: Category.self)
        case .status: .status
        case .workDirectory: .text(0...1024)
        case .mainClassName: .text(0...512)
        case .extraParams: .extraParams
        case .javaVersion: .text(0...32)
        case .runFrequency: .choice(of: RunFrequency.self)
        case .createdAt, .updatedAt, .deletedAt: .time
        }
    }

    public var mustBeVisible: Bool {
        self == .userID || self == .name
    }

    public var access: FieldAccess {
        switch self {
        case .workID: .never
        case .type, .category, .createdAt, .updatedAt, .deletedAt: .onCreate
        case .lambdaID, .userID, .name, .description, .status, .workDirectory, .mainClassName, .extraParams,
            .javaVersion, .runFrequency:
            .always
        }
    }

    public var isRequired: Bool {
        switch self {
        case .userID, .name, .description, .type, .category: true
        case .workID, .lambdaID, .status, .workDirectory, .mainClassName, .extraParams, .javaVersion, .runFrequency,
            .createdAt, .updatedAt, .deletedAt:
            false
        }
    }
}
