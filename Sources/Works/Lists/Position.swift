/// Where an item stands in an order: by its score, and among equal scores by its id.
///
/// What the score is depends on the order. In an order by time it is the item's time, in whole seconds since 1970. In
/// the order of creation, which searches follow, it is the work's number; numbers are unique, so the id decides nothing.
package struct Position: Equatable, Sendable {
    package let score: Int
    package let id: String

    package init(score: Int, id: String) {
        self.score = score
        self.id = id
    }
}
