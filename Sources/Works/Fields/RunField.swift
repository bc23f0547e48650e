/// The fields of a run.
///
/// What a client may set is judged in the order of these lists.
enum RunField: String, FieldName {
    case runID = "task_id"
    case workID = "work_id"
    case status
    case startedAt = "started_at"
    case endedAt = "ended_at"
    case runTime = "run_time"

    /// What a create may hold.
    static let draft: [RunField] = [.status, .runID, .startedAt, .endedAt]

    /// What an update may change.
    static let patch: [RunField] = [.status, .startedAt, .endedAt]
}
