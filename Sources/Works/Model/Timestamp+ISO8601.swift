import Bytes

extension Timestamp {
    /// Reads an ISO 8601 calendar date with a time of day and a zone.
    ///
    /// The format is extended or basic. Seconds are optional; their fraction, of any length, is cut to milliseconds:
    /// `2021-12-01T16:53:34Z`, `2021-12-01T16:53:34.123456+08:00`, `20211201T165334-0530`, `2021-12-01T16:53+08`.
    /// Nil for anything else, for a day that does not exist, and for a moment outside the years 0000 to 9999.
    public init?(iso8601 text: String) {
        var scanner = TimeScanner(text)
        guard let milliseconds = scanner.milliseconds(), Self.millisecondsRange.contains(milliseconds) else {
            return nil
        }
        self.init(milliseconds: milliseconds)
    }
}

/// Reads the parts of a time in order; each step returns nil if the text does not continue as expected.
private struct TimeScanner {
    private var rest: Substring.UTF8View
    private var isExtended = false
    private var hasSecond = false

    init(_ text: String) {
        rest = text[...].utf8
    }

    /// The whole text, as milliseconds since 1970.
    mutating func milliseconds() -> Int? {
        guard let date = date(), skip("T"), let second = secondOfDay(), let fraction = fraction(),
            let offset = offset(), rest.isEmpty
        else { return nil }
        return (date.daysSince1970 * 86_400 + second - offset) * 1000 + fraction
    }

    /// The dash after the year decides between the two formats, which must not be mixed.
    private mutating func date() -> CivilDate? {
        guard let century = twoDigits(), let year = twoDigits() else { return nil }
        isExtended = skip("-")
        guard let month = twoDigits(), skip("-") == isExtended, let day = twoDigits() else { return nil }
        return CivilDate(year: century * 100 + year, month: month, day: day)
    }

    private mutating func secondOfDay() -> Int? {
        guard let hour = twoDigits(upTo: 23), skip(":") == isExtended, let minute = twoDigits(upTo: 59) else {
            return nil
        }
        hasSecond = isExtended ? skip(":") : startsWithDigit
        guard let second = hasSecond ? twoDigits(upTo: 59) : 0 else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    /// Milliseconds; further digits are read and dropped.
    private mutating func fraction() -> Int? {
        guard hasSecond, skip(".") || skip(",") else { return 0 }
        guard startsWithDigit else { return nil }
        var milliseconds = 0
        var weight = 100
        while let digit = digit() {
            milliseconds += digit * weight
            weight /= 10
        }
        return milliseconds
    }

    /// Seconds east of UTC.
    private mutating func offset() -> Int? {
        if skip("Z") { return 0 }
        let isEast = skip("+")
        guard isEast || skip("-"), let hours = twoDigits(upTo: 23) else { return nil }
        let hasMinutes = skip(":") || !rest.isEmpty
        guard let minutes = hasMinutes ? twoDigits(upTo: 59) : 0 else { return nil }
        return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
    }

    private mutating func twoDigits(upTo maximum: Int = 99) -> Int? {
        guard let tens = digit(), let ones = digit(), tens * 10 + ones <= maximum else { return nil }
        return tens * 10 + ones
    }

    private mutating func digit() -> Int? {
        guard startsWithDigit, let byte = rest.popFirst() else { return nil }
        return Int(byte - UInt8(ascii: "0"))
    }

    private var startsWithDigit: Bool {
        rest.first?.isDigit == true
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }
}
