/// What a field or a query parameter accepts.
package indirect enum Expected: Equatable, Sendable {
    /// A string whose length in Unicode scalars is in this range.
    case text(ClosedRange<Int>)
    case oneOf([String])
    case integer(ClosedRange<Int>)
    /// A status in JSON, as a number or as decimal text.
    case status
    case time
    case identifier
    case extraParams
    /// The tasks of an archived work.
    case tasks
    /// A comma-separated list of such values.
    case list(Expected)

    package static func choice<Choice: RawRepresentable<String> & CaseIterable>(of _: Choice.Type) -> Expected {
        .oneOf(Choice.allCases.map(\.rawValue))
    }
}
