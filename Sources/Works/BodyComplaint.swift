import JSON

/// Why a body is not the JSON object that it must be.
package enum BodyComplaint: Equatable, Sendable {
    case empty
    case notUTF8
    case notAnObject
    case tooDeep(max: Int)
    case repeatedKey
    case nulInKey
    case numberOutOfRange
    case malformed(line: Int, column: Int)

    init(_ error: JSONError) {
        self =
            switch error {
            case .empty: .empty
            case .notUTF8: .notUTF8
            case .notAnObject: .notAnObject
            case .tooDeep(let max): .tooDeep(max: max)
            case .repeatedKey: .repeatedKey
            case .nulInKey: .nulInKey
            case .numberOutOfRange: .numberOutOfRange
            case .malformed(let line, let column): .malformed(line: line, column: column)
            }
    }
}
