/// How often a work runs.
package enum RunFrequency: String, CaseIterable, Sendable {
    case once
    case hourly
    case daily
    case weekly
}
