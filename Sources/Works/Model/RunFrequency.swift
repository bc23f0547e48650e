/// How often a work runs.
public enum RunFrequency: String, CaseIterable, Sendable {
    case once
    case hourly
    case daily
    case weekly
}
