/// How a work runs; it never changes.
public enum WorkType: String, CaseIterable, Sendable {
    case streaming = "STREAMING"
    case batch = "BATCH"
}
