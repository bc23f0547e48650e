import HTTP

/// The counts of one endpoint.
struct Tally {
    struct Outcome: Equatable {
        let method: Method
        let status: Int
        let code: Int
    }

    /// A handful at most, so comparing beats hashing.
    private(set) var outcomes: [(outcome: Outcome, count: Int)] = []
    /// Requests by duration: each bucket counts those up to the bound of the same index and above the one before; the
    /// last counts those above every bound.
    private(set) var buckets = [Int](repeating: 0, count: Tally.boundsMicroseconds.count + 1)
    private(set) var microseconds = 0

    mutating func add(_ outcome: Outcome, microseconds: Int) {
        if let known = outcomes.firstIndex(where: { $0.outcome == outcome }) {
            outcomes[known].count += 1
        } else {
            outcomes.append((outcome, 1))
        }
        self.microseconds += microseconds
        let bucket = Self.boundsMicroseconds.firstIndex { microseconds <= $0 } ?? Self.boundsMicroseconds.count
        buckets[bucket] += 1
    }

    static let boundsMicroseconds = [
        100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    ]
}
