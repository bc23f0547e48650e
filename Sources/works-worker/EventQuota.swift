/// Lets through a limited number of events in each period, so that a flood of them does not flood the log.
struct EventQuota {
    private let countMax: Int
    private let period: Duration
    private var start: ContinuousClock.Instant?
    private var count = 0
    private var omittedCount = 0

    init(_ countMax: Int, in period: Duration) {
        self.countMax = countMax
        self.period = period
    }

    /// Whether an event may be logged now: nil if not, else how many were not since the last one that was.
    mutating func admit(at now: ContinuousClock.Instant) -> Int? {
        if start.map({ $0 + period <= now }) ?? true {
            start = now
            count = 0
        }
        guard count < countMax else {
            omittedCount += 1
            return nil
        }
        count += 1
        defer { omittedCount = 0 }
        return omittedCount
    }
}
