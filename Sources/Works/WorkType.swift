/// How a work runs; fixed when the work is created.
public enum WorkType: String, CaseIterable, Sendable {
    case streaming = "STREAMING"
    case batch = "BATCH"
}
