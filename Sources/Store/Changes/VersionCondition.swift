/// What a client has said about the version it wants to change, as in `If-Match` (RFC 9110 §13.1.1).
package enum VersionCondition: Sendable, Equatable {
    /// Any version will do, as long as there is one.
    case any
    /// It must be one of these.
    case oneOf([Int])

    package func holds(for version: Int) -> Bool {
        switch self {
        case .any: true
        case .oneOf(let versions): versions.contains(version)
        }
    }
}
