/// Which versions of an object a client accepts, as in `If-Match` (RFC 9110 §13.1.1).
public enum VersionCondition: Sendable, Equatable {
    /// Any version, as long as the object exists.
    case any
    /// One of these versions.
    case oneOf([Int])

    public func holds(for version: Int) -> Bool {
        switch self {
        case .any: true
        case .oneOf(let versions): versions.contains(version)
        }
    }
}
