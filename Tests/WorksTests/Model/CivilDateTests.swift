import Testing

@testable import Works

/// The calendar, checked day by day against a plain count that uses no eras.
struct CivilDateTests {
    @Test(arguments: [0...401, 1599...2401, 9598...9999])
    func countsEveryDayOnce(years: ClosedRange<Int>) throws {
        var days = try #require(CivilDate(year: years.lowerBound, month: 1, day: 1)).daysSince1970
        var isConsistent = true
        for year in years {
            for month in 1...12 {
                for day in 1...length(of: month, in: year) {
                    let date = CivilDate(year: year, month: month, day: day)
                    let isSame = date?.daysSince1970 == days && CivilDate(daysSince1970: days) == date
                    isConsistent = isConsistent && isSame
                    days += 1
                }
                let next = CivilDate(year: year, month: month, day: length(of: month, in: year) + 1)
                isConsistent = isConsistent && next == nil
            }
        }
        #expect(isConsistent)
    }

    @Test(arguments: [(1970, 0), (1971, 365), (1969, -365), (2000, 10957), (0, -719_528), (9999, 2_932_532)])
    func countsFrom1970(year: Int, days: Int) {
        #expect(CivilDate(year: year, month: 1, day: 1)?.daysSince1970 == days)
    }

    private func length(of month: Int, in year: Int) -> Int {
        let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
}
