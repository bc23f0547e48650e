/// What is wrong with the value of a field or of a query parameter.
package enum Complaint: Equatable, Sendable {
    /// Missing or blank, where there has to be a value.
    case required(Expected)
    /// Null, where a change may replace the value but not take it away.
    case mustNotBeCleared(Expected)
    /// Of another kind than expected.
    case not(Expected)
    /// Nothing but white space.
    case blank(Expected)
    /// In characters, which are Unicode scalars.
    case tooLong(max: Int)
    case holdsNUL
    /// An array with too many entries.
    case tooMany(max: Int)
    case inTheFuture
    /// Earlier than the other field.
    case before(String)
    /// Later than the other field.
    case after(String)
    /// Given together with a parameter that it does not go with.
    case excludes(String)
    /// A comma list asks for a page beyond the items that it can reach by offset.
    case beyondReach(max: Int)
    /// A page of that many items comes to more bytes than an answer may have.
    case pageTooLarge(mebibytesMax: Int)

    package static func notAString(_ length: ClosedRange<Int>) -> Complaint {
        .not(.text(length))
    }

    package static func notOneOf(_ values: [String]) -> Complaint {
        .not(.oneOf(values))
    }

    package static func notAnInteger(_ range: ClosedRange<Int>) -> Complaint {
        .not(.integer(range))
    }

    package static var notATime: Complaint {
        .not(.time)
    }
}

/// What a field or a query parameter accepts.
package indirect enum Expected: Equatable, Sendable {
    /// A string of so many characters.
    case text(ClosedRange<Int>)
    case oneOf([String])
    /// Up to `Int.max` means without an upper limit.
    case integer(ClosedRange<Int>)
    /// A status in JSON, which may be decimal text as well.
    case status
    case time
    case identifier
    case extraParams
    /// The tasks of an archived work.
    case tasks
    /// A comma list of such values.
    case list(Expected)

    package static func choice<Choice: RawRepresentable<String> & CaseIterable>(of _: Choice.Type) -> Expected {
        .oneOf(Choice.allCases.map(\.rawValue))
    }
}
