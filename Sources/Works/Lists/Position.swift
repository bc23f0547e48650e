/// The place of an item in an order: its score, then its id.
///
/// The score is its time in the seconds that go out, or in the order of creation its number.
package struct Position: Equatable, Sendable {
    package let score: Int
    package let id: String

    package init(score: Int, id: String) {
        self.score = score
        self.id = id
    }
}
