/// How often a work is to run.
public enum RunFrequency: String, CaseIterable, Sendable {
    case once
    case hourly
    case daily
    case weekly
}
