/// The fields of a work, in the order in which they go out.
package enum WorkField: String, FieldName, CaseIterable {
    case workID = "work_id"
    case lambdaID = "lambda_id"
    case userID = "user_id"
    case name
    case description
    case type
    case category
    case status
    case workDirectory = "work_directory"
    case mainClassName = "main_class_name"
    case extraParams = "extra_params"
    case javaVersion = "java_version"
    case runFrequency = "run_frequency"
    case createdAt = "created_at"
    case updatedAt = "updated_at"
    case deletedAt = "deleted_at"

    /// What a create may hold, in the order in which it is judged.
    static let draft: [WorkField] = [
        .userID, .name, .description, .type, .category, .status, .lambdaID, .workDirectory, .mainClassName,
        .javaVersion,
        .extraParams, .runFrequency, .createdAt, .updatedAt, .deletedAt,
    ]

    /// What an update may change, in the order in which it is judged.
    static let patch: [WorkField] = [
        .userID, .name, .description, .status, .lambdaID, .workDirectory, .mainClassName, .javaVersion, .extraParams,
        .runFrequency,
    ]
}
