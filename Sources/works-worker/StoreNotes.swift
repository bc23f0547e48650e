/// What the log says about the connection to the store.
///
/// The connection reports every failed attempt, about twice a second. A change is told at once, a reason that goes on
/// once a minute. If the store comes and goes many times a minute, the log falls behind and catches up later.
struct StoreNotes {
    /// Why the store is unusable now; nil if it is usable.
    private(set) var reason: String?
    /// Whether a change has not been told and must be a period later.
    private(set) var isBehind = false

    private var unusableSince: ContinuousClock.Instant?
    /// Whether the store is usable according to the log; nil before the first line.
    private var isToldUsable: Bool?
    /// When each reason was last told.
    private var told: [String: ContinuousClock.Instant] = [:]
    private var quota = EventQuota(linesMax, in: period)

    /// The line to log, if any, now that the store is usable (nil) or not.
    mutating func line(for reason: String?, at now: ContinuousClock.Instant) -> String? {
        self.reason = reason
        let since = unusableSince ?? now
        unusableSince = reason == nil ? nil : since
        let isChange = isToldUsable != (reason == nil)
        if !isChange {
            isBehind = false
            guard let reason else { return nil }
            if let last = told[reason], now < last + Self.period { return nil }
        }
        isBehind = quota.admit(at: now) == nil
        if isBehind { return nil }
        let wasUnusable = isToldUsable == false
        isToldUsable = reason == nil
        let seconds = (now - since).components.seconds
        guard let reason else { return wasUnusable ? "store usable again after \(seconds) s" : "store usable" }
        let isKnown = told.updateValue(now, forKey: reason) != nil
        if told.count > Self.reasonsMax { told = [reason: now] }
        return isKnown && wasUnusable
            ? "store still unusable after \(seconds) s: \(reason)" : "store unusable: \(reason)"
    }

    static let period = Duration.seconds(60)
    static let linesMax = 10
    private static let reasonsMax = 20
}
