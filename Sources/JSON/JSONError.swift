/// Why a text is not a valid JSON object.
public enum JSONError: Error, Equatable, Sendable {
    /// The text is empty or only white space.
    case empty
    case notUTF8
    /// The text is JSON of another kind: an array, a string, a number, …
    case notAnObject
    /// Arrays and objects are nested deeper than `max`, which is ``JSONReader/depthMax``.
    case tooDeep(max: Int)
    /// The text has more than `max` values; an array or object with its first value counts once.
    case tooManyValues(max: Int)
    case repeatedKey
    /// A key contains U+0000, which jansson does not accept in keys; in values it is allowed.
    case nulInKey
    /// An integer exceeds 64 bits, or another number exceeds the range of a double.
    case numberOutOfRange
    /// Line and column count from 1, the column in characters.
    case malformed(line: Int, column: Int)
}
