/// How often a work is to run.
package enum RunFrequency: String, CaseIterable, Sendable {
    case once
    case hourly
    case daily
    case weekly
}
