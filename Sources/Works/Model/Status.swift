/// The state of a work or a run: a number from 0 to 7, whose meaning is up to the clients.
public struct Status: Hashable, Comparable, Sendable {
    public let number: Int

    /// The status of a work if none was sent.
    public static let initial = Status(trusted: 0)
    /// The valid numbers.
    public static let range = 0...7
    /// Every status, in order.
    public static let all = range.map { Status(trusted: $0) }

    /// Nil outside ``range``.
    public init?(_ number: Int) {
        guard Self.range.contains(number) else { return nil }
        self.number = number
    }

    /// Reads decimal text: exactly one digit, with no sign, leading zero or space.
    public init?(text: String) {
        guard text.utf8.count == 1, let digit = text.utf8.first, digit >= UInt8(ascii: "0") else { return nil }
        self.init(Int(digit - UInt8(ascii: "0")))
    }

    public static func < (left: Status, right: Status) -> Bool {
        left.number < right.number
    }

    private init(trusted number: Int) {
        self.number = number
    }
}
