/// The place of an item in an order: its time as it goes out, then its id.
public struct Position: Equatable, Sendable {
    public let seconds: Int
    public let id: String

    public init(seconds: Int, id: String) {
        self.seconds = seconds
        self.id = id
    }
}
