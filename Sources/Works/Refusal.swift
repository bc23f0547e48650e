/// Why the domain does not accept what it was given: a draft, a patch, or a line of an archive.
package enum Refusal: Error, Equatable, Sendable {
    /// The value of the named field is not accepted.
    case field(String, Reason)
    /// There is no field of this name; `accepted` names those that can be sent.
    case unknownField(String, accepted: [String])
    /// The named field cannot be set, or not to this value.
    case readOnlyField(String)
    /// The run is over, so its end cannot be cleared.
    case runOver(RunID)

    /// What is wrong with a value.
    package enum Reason: Equatable, Sendable {
        /// It is missing or blank, and must not be.
        case required(Expected)
        /// It is null in a patch, on a field that cannot be cleared.
        case mustNotBeCleared(Expected)
        /// It is of another kind than expected.
        case not(Expected)
        /// It holds nothing but white space.
        case blank(Expected)
        /// Its length in Unicode scalars exceeds `max`.
        case tooLong(max: Int)
        case holdsNUL
        /// The array has more than `max` elements.
        case tooMany(max: Int)
        case inTheFuture
        /// The time is earlier than that of the named field.
        case before(String)
        /// The time is later than that of the named field.
        case after(String)
        /// Another object in the same line has the same value.
        case repeated
    }
}
