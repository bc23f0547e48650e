/// The position of an item in an order: by its score, and among equal scores by its id.
///
/// What the score is depends on the order. In an order by time it is the item's time, in whole seconds since 1970. In
/// the order of creation, used by a text search of live works, it is the work's number. Numbers are unique, so the id
/// does not matter there.
public struct Position: Equatable, Sendable {
    public let score: Int
    public let id: String

    public init(score: Int, id: String) {
        self.score = score
        self.id = id
    }
}
