/// The place of an item in an order: its score, then its id.
///
/// The score is its time in the seconds that go out, or in the order of creation its number.
public struct Position: Equatable, Sendable {
    public let score: Int
    public let id: String

    public init(score: Int, id: String) {
        self.score = score
        self.id = id
    }
}
