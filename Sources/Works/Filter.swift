/// What a list is narrowed to: all three must hold.
public struct Filter: Equatable, Sendable {
    public var userID: String?

    /// Any of these; empty means any at all.
    ///
    /// Kept sorted and without repetition.
    public var statuses: [Status] = [] {
        didSet { statuses = Set(statuses).sorted() }
    }

    /// Any of these; empty means any at all.
    ///
    /// Kept in the order of their declaration and without repetition.
    public var frequencies: [RunFrequency] = [] {
        didSet { frequencies = RunFrequency.allCases.filter(frequencies.contains) }
    }

    public init() {}

    /// Whether the list is a union of several: one field may have one of several values.
    public var isUnion: Bool {
        statuses.count > 1 || frequencies.count > 1
    }

    public func accepts(_ work: Work) -> Bool {
        if let userID, !userID.isExactly(work.userID) { return false }
        if !statuses.isEmpty, !statuses.contains(work.status) { return false }
        if frequencies.isEmpty { return true }
        guard let frequency = work.runFrequency else { return false }
        return frequencies.contains(frequency)
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.userID.isExactly(right.userID) && left.statuses == right.statuses && left.frequencies == right.frequencies
    }
}
