public import JSON

/// A moment, kept to the millisecond and compared as it goes out, in whole seconds.
///
/// So two times are equal exactly when they read the same to a client: what a client gets and sends back is equal to
/// what is stored, and no order of a list depends on digits that nobody sees.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Since the beginning of 1970, UTC.
    public let milliseconds: Int

    /// A time beyond the years 0000 to 9999, which `text` cannot show, becomes the nearest that it can.
    public init(milliseconds: Int) {
        self.milliseconds = min(max(milliseconds, Self.millisecondsRange.lowerBound), Self.millisecondsRange.upperBound)
    }

    /// Since the beginning of 1970, UTC; rounded down.
    public var seconds: Int {
        Self.floor(milliseconds, by: 1000)
    }

    /// The time as it goes out: `YYYY-MM-DDTHH:MM:SSZ`.
    public var text: String {
        var text: [UInt8] = []
        text.reserveCapacity(20)
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Writes `text` as a JSON string.
    public func write(to json: inout JSONWriter) {
        json.bytes.append(UInt8(ascii: "\""))
        append(to: &json.bytes)
        json.bytes.append(UInt8(ascii: "\""))
    }

    /// Writes the time to the millisecond, for those who are to keep it: `YYYY-MM-DDTHH:MM:SS.mmmZ`.
    func writeExactly(to json: inout JSONWriter) {
        write(to: &json)
        json.bytes.removeLast(2)
        let fraction = milliseconds - seconds * 1000
        json.literal(".000Z\"")
        let start = json.bytes.count - 5
        json.bytes.setTwoDigits(fraction / 10, at: start)
        json.bytes[start + 2] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction % 10)
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.seconds == right.seconds
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.seconds < right.seconds
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(seconds)
    }

    static let millisecondsRange = -62_167_219_200_000...253_402_300_799_999

    private func append(to text: inout [UInt8]) {
        let days = Self.floor(seconds, by: 86_400)
        let date = CivilDate(daysSince1970: days)
        let second = seconds - days * 86_400
        let start = text.count
        text.append(contentsOf: Self.template)
        text.setTwoDigits(date.year / 100, at: start)
        text.setTwoDigits(date.year % 100, at: start + 2)
        text.setTwoDigits(date.month, at: start + 5)
        text.setTwoDigits(date.day, at: start + 8)
        text.setTwoDigits(second / 3600, at: start + 11)
        text.setTwoDigits(second / 60 % 60, at: start + 14)
        text.setTwoDigits(second % 60, at: start + 17)
    }

    private static let template = Array("0000-00-00T00:00:00Z".utf8)

    private static func floor(_ number: Int, by divisor: Int) -> Int {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension [UInt8] {
    fileprivate mutating func setTwoDigits(_ number: Int, at index: Int) {
        self[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10)
        self[index + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
    }
}
