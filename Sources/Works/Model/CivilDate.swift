/// A day of the Gregorian calendar, extended to the time before its introduction as in ISO 8601.
///
/// The arithmetic starts each year in March, so that the leap day is its last day, and groups years into eras of 400,
/// all of the same length. It is valid for the years 0000 to 9999.
struct CivilDate: Equatable {
    let year: Int
    let month: Int
    let day: Int

    /// Nil if no such day exists.
    init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), (1...Self.days(inMonth: month, of: year)).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    init(daysSince1970 days: Int) {
        let days = days + Self.daysBefore1970 + Self.daysPerEra
        let (era, dayOfEra) = days.quotientAndRemainder(dividingBy: Self.daysPerEra)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - Self.daysBefore(yearOfEra: yearOfEra)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + (era - 1) * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int {
        let yearFromMarch = (month <= 2 ? year - 1 : year) + 400
        let (era, yearOfEra) = yearFromMarch.quotientAndRemainder(dividingBy: 400)
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = Self.daysBefore(yearOfEra: yearOfEra) + dayOfYear
        return (era - 1) * Self.daysPerEra + dayOfEra - Self.daysBefore1970
    }

    private static func daysBefore(yearOfEra year: Int) -> Int {
        365 * year + year / 4 - year / 100
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static let daysPerEra = 146_097
    /// Counted from 1 March of the year 0000.
    private static let daysBefore1970 = 719_468
}
