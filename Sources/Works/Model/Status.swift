/// What a work or a run is at, a number from 0 to 7; what each means is agreed between the clients.
package struct Status: Hashable, Comparable, Sendable {
    package let number: Int

    /// What a work is at before anybody has said so.
    package static let initial = Status(trusted: 0)
    package static let range = 0...7

    package init?(_ number: Int) {
        guard Self.range.contains(number) else { return nil }
        self.number = number
    }

    /// Reads decimal text: one digit, without sign, zero or space before it.
    package init?(text: String) {
        guard text.utf8.count == 1, let digit = text.utf8.first, digit >= UInt8(ascii: "0") else { return nil }
        self.init(Int(digit - UInt8(ascii: "0")))
    }

    package static func < (left: Status, right: Status) -> Bool {
        left.number < right.number
    }

    private init(trusted number: Int) {
        self.number = number
    }
}
