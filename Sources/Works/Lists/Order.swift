/// What a list of works is sorted by; ties go by id, in the same direction.
package enum Order: String, CaseIterable, Sendable {
    case createdAscending = "created_at"
    case createdDescending = "-created_at"
    case updatedAscending = "updated_at"
    case updatedDescending = "-updated_at"

    package static let standard = createdDescending
}
