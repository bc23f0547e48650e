public import JSON

/// A moment, kept to the millisecond but compared in whole seconds, as clients see it.
///
/// `==` means "reads the same to a client", not "is the same moment": two times within one second are equal, have the
/// same hash and are one element of a set, and neither is less than the other. So a time that a client reads and sends
/// back equals the stored one, and the order of a list never depends on digits that its reader cannot see.
///
/// A synthesised `==` of a type that contains a time inherits this: two ``Run`` values are equal even if their
/// milliseconds differ. Compare `milliseconds` where the moment itself matters.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the beginning of 1970, UTC.
    public let milliseconds: Int

    /// Clamps a moment outside the years 0000 to 9999, which `text` could not show.
    public init(milliseconds: Int) {
        self.milliseconds = min(max(milliseconds, Self.millisecondsRange.lowerBound), Self.millisecondsRange.upperBound)
    }

    /// The beginning of the year 0000.
    static let distantPast = Timestamp(milliseconds: millisecondsRange.lowerBound)

    /// The end of the year 9999.
    public static let distantFuture = Timestamp(milliseconds: millisecondsRange.upperBound)

    /// Whole seconds since the beginning of 1970, UTC, rounded down.
    public var seconds: Int {
        Self.floor(milliseconds, by: 1000)
    }

    /// The time as clients get it: `YYYY-MM-DDTHH:MM:SSZ`.
    public var text: String {
        var json = JSONWriter(capacity: 22)
        write(to: &json)
        return String(decoding: json.bytes[1..<21], as: UTF8.self)
    }

    /// Writes `text` as a JSON string.
    public func write(to json: inout JSONWriter) {
        let quoted = quoted
        json.raw(quoted.span)
    }

    /// Writes the time with its milliseconds, for archives: `YYYY-MM-DDTHH:MM:SS.mmmZ`.
    func writeExactly(to json: inout JSONWriter) {
        let quoted = quoted
        json.raw(quoted.span.extracting(0..<20))
        var fraction: InlineArray<6, UInt8> = [
            UInt8(ascii: "."), 0, 0, 0, UInt8(ascii: "Z"), UInt8(ascii: "\""),
        ]
        let milliseconds = milliseconds - seconds * 1000
        fraction.setTwoDigits(milliseconds / 10, at: 1)
        fraction[3] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: milliseconds % 10)
        json.raw(fraction.span)
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

    /// The years 0000 to 9999.
    static let millisecondsRange = -62_167_219_200_000...253_402_300_799_999

    /// `text` in quotes.
    private var quoted: InlineArray<22, UInt8> {
        let days = Self.floor(seconds, by: 86_400)
        let date = CivilDate(daysSince1970: days)
        let second = seconds - days * 86_400
        var text = Self.template
        text.setTwoDigits(date.year / 100, at: 1)
        text.setTwoDigits(date.year % 100, at: 3)
        text.setTwoDigits(date.month, at: 6)
        text.setTwoDigits(date.day, at: 9)
        text.setTwoDigits(second / 3600, at: 12)
        text.setTwoDigits(second / 60 % 60, at: 15)
        text.setTwoDigits(second % 60, at: 18)
        return text
    }

    private static let template: InlineArray<22, UInt8> = {
        let bytes = Array("\"0000-00-00T00:00:00Z\"".utf8)
        return InlineArray { bytes[$0] }
    }()

    private static func floor(_ number: Int, by divisor: Int) -> Int {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension InlineArray where Element == UInt8 {
    fileprivate mutating func setTwoDigits(_ number: Int, at index: Int) {
        self[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10)
        self[index + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
    }
}
