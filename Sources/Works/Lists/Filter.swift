import Bytes
public import Folding

/// The conditions of a list or a search: a work must meet all of them.
public struct Filter: Equatable, Sendable {
    /// A condition on a text.
    public enum TextMatch: Equatable, Sendable {
        /// It is this text, byte by byte.
        case exactly(String)
        /// It contains this text, when both are folded.
        case contains(FoldedText)

        /// Matches texts that contain `part` in any case, width or compatibility form.
        public static func containing(_ part: String) -> TextMatch {
            .contains(FoldedText(folding: part))
        }
    }

    public var userID: String?
    public var name: TextMatch?
    public var description: TextMatch?

    /// The accepted statuses; empty means any.
    ///
    /// Kept sorted and without repetition.
    public var statuses: [Status] = [] {
        didSet { statuses = Set(statuses).sorted() }
    }

    /// The accepted frequencies; empty means any, or none at all.
    ///
    /// Kept in the order of declaration and without repetition.
    public var frequencies: [RunFrequency] = [] {
        didSet { frequencies = RunFrequency.allCases.filter(frequencies.contains) }
    }

    public init() {}

    /// Whether a field may have one of several values, so that the list is a union of several sets.
    public var isUnion: Bool {
        statuses.count > 1 || frequencies.count > 1
    }

    /// Whether it has a condition on a text.
    public var hasText: Bool {
        name != nil || description != nil
    }

    /// Whether the work meets every condition.
    public func accepts(_ work: Work) -> Bool {
        if let userID, !userID.isExactly(work.userID) { return false }
        if let name, !name.accepts(work.name) { return false }
        if let description, !description.accepts(work.description) { return false }
        if !statuses.isEmpty, !statuses.contains(work.status) { return false }
        if frequencies.isEmpty { return true }
        guard let frequency = work.runFrequency else { return false }
        return frequencies.contains(frequency)
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.userID.isExactly(right.userID) && left.statuses == right.statuses && left.frequencies == right.frequencies
            && left.name == right.name && left.description == right.description
    }
}

extension Filter.TextMatch {
    func accepts(_ text: String) -> Bool {
        switch self {
        case .exactly(let wanted): wanted.isExactly(text)
        case .contains(let part): FoldedText(folding: text).contains(part)
        }
    }

    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.exactly(let left), .exactly(let right)): left.isExactly(right)
        case (.contains(let left), .contains(let right)): left == right
        case (.exactly, .contains), (.contains, .exactly): false
        }
    }
}
