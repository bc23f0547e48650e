/// What a field or a query parameter accepts.
public indirect enum Expected: Equatable, Sendable {
    /// A string whose length in Unicode scalars is in this range.
    case text(ClosedRange<Int>)
    case oneOf([String])
    /// A number in this range, without fraction.
    case integer(ClosedRange<Int>)
    /// A status in JSON, as a number or as decimal text.
    case status
    /// An ISO 8601 time with a zone.
    case time
    /// An id of a work or of a task.
    case identifier
    /// One string, or an array of strings.
    case extraParams
    /// The tasks of an archived work.
    case tasks
    /// A comma-separated list of such values.
    case list(Expected)

    /// One of the raw values of `Choice`.
    public static func choice<Choice: RawRepresentable<String> & CaseIterable>(of _: Choice.Type) -> Expected {
        .oneOf(Choice.allCases.map(\.rawValue))
    }
}
