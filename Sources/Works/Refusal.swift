/// Why the domain does not accept a draft, a patch or a line of an archive.
public enum Refusal: Error, Equatable, Sendable {
    /// The value of the named field is not accepted.
    case field(String, Reason)
    /// No field has this name; `accepted` lists those that can be set.
    case unknownField(String, accepted: [String])
    /// The named field is read-only, and was not sent with its current value.
    case readOnlyField(String)
    /// The run is over, so its end cannot be cleared.
    case runOver(RunID)

    /// What is wrong with a value.
    public enum Reason: Equatable, Sendable {
        /// A create request lacks it or sends it blank.
        case required(Expected)
        /// A patch sends it blank, and it cannot be cleared.
        case mustNotBeCleared(Expected)
        /// It is not one of the expected values.
        case not(Expected)
        /// It is only white space.
        case blank(Expected)
        /// Its length in Unicode scalars exceeds `max`.
        case tooLong(max: Int)
        /// It contains U+0000.
        case holdsNUL
        /// The array has more than `max` elements.
        case tooMany(max: Int)
        /// The time is further ahead than ``Timestamp/leadMax``.
        case inTheFuture
        /// The time precedes that of the named field.
        case before(String)
        /// The time follows that of the named field.
        case after(String)
        /// Another task of the same archived work has the same value.
        case repeated
    }
}
