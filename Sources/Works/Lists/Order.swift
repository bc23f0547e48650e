/// The order of a list of works; ties are broken by id, in the same direction.
public enum Order: String, CaseIterable, Sendable {
    case createdAscending = "created_at"
    case createdDescending = "-created_at"
    case updatedAscending = "updated_at"
    case updatedDescending = "-updated_at"

    /// The order of a request that names none.
    public static let standard = createdDescending
}
