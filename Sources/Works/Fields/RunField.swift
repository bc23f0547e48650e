/// The fields of a run: the one list of their names, rules and access, as ``WorkField`` is for works.
public enum RunField: Int, BodyField {
    case runID, workID, status, startedAt, endedAt, runTime

    public var name: StaticString {
        switch self {
        case .runID: "task_id"
        case .workID: "work_id"
        case .status: "status"
        case .startedAt: "started_at"
        case .endedAt: "ended_at"
        case .runTime: "run_time"
        }
    }

    public static let names = makeNames()
    public static let keys = makeKeys()

    public var expected: Expected {
        switch self {
        case .runID, .workID: .identifier
        case .status: .status
        case .runTime: .integer(0...Int.max)
        case .startedAt, .endedAt: .time
        }
    }

    public var mustBeVisible: Bool { false }

    public var access: FieldAccess {
        switch self {
        case .runID: .onCreate
        case .status, .startedAt, .endedAt: .always
        case .workID, .runTime: .never
        }
    }

    public var isRequired: Bool {
        switch self {
        case .status: true
        case .runID, .workID, .startedAt, .endedAt, .runTime: false
        }
    }
}
