/// Where an item stands in an order: by its score, and among equal scores by its id.
///
/// What the score is depends on the order. In an order by time it is the item's time, in whole seconds since 1970. In
/// the order of creation, that of a text search of live works, it is the work's number. Numbers are unique, so there
/// the id does not matter.
public struct Position: Equatable, Sendable {
    public let score: Int
    public let id: String

    public init(score: Int, id: String) {
        self.score = score
        self.id = id
    }
}
