/// The fields of a run: the one list of their names, rules and access, as ``WorkField`` is for works.
package enum RunField: Int, BodyField {
    case runID, workID, status, startedAt, endedAt, runTime

    package var name: StaticString {
        switch self {
        case .runID: "task_id"
        case .workID: "work_id"
        case .status: "status"
        case .startedAt: "started_at"
        case .endedAt: "ended_at"
        case .runTime: "run_time"
        }
    }

    package static let names = makeNames()
    package static let keys = makeKeys()

    package var rule: FieldRule {
        switch self {
        case .runID, .workID: .identifier
        case .status, .runTime: .status
        case .startedAt, .endedAt: .time
        }
    }

    package var access: FieldAccess {
        switch self {
        case .runID: .onCreate
        case .status, .startedAt, .endedAt: .always
        case .workID, .runTime: .never
        }
    }

    package var isRequired: Bool {
        switch self {
        case .status: true
        case .runID, .workID, .startedAt, .endedAt, .runTime: false
        }
    }
}
