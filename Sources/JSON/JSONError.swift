/// Why a text is not the JSON object that was asked for.
package enum JSONError: Error, Equatable, Sendable {
    /// Nothing, or nothing but white space.
    case empty
    case notUTF8
    /// Well-formed JSON of another kind: an array, a string, a number, …
    case notAnObject
    /// Arrays and objects within each other beyond `JSONReader.depthMax`.
    case tooDeep(max: Int)
    case repeatedKey
    /// A key holds U+0000, which jansson keeps out of its hash tables. In the text of a value it may stand.
    case nulInKey
    /// An integer beyond 64 bits, or another number beyond what a double holds.
    case numberOutOfRange
    /// Both count from 1, the column in characters.
    case malformed(line: Int, column: Int)
}
