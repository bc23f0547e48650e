/// How a work runs; it never changes.
package enum WorkType: String, CaseIterable, Sendable {
    case streaming = "STREAMING"
    case batch = "BATCH"
}
