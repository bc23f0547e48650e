/// How a work runs; fixed when the work is created.
package enum WorkType: String, CaseIterable, Sendable {
    case streaming = "STREAMING"
    case batch = "BATCH"
}
