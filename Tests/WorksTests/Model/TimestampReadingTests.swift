import Testing
import Works

/// Which texts are times, and which times they are.
struct TimestampReadingTests {
    @Test(arguments: [
        ("2021-12-01T16:53:34Z", 1_638_377_614_000),
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ("2000-02-29T00:00:00Z", 951_782_400_000),
        ("2021-12-01T16:53Z", 1_638_377_580_000),
        ("20211201T165334Z", 1_638_377_614_000),
        ("20211201T1653Z", 1_638_377_580_000),
    ])
    func readsTimes(text: String, milliseconds: Int) throws {
        #expect(try #require(Timestamp(iso8601: text)).milliseconds == milliseconds)
    }

    @Test(arguments: [
        "Z", "+00:00", "-00:00", "+0000", "+00", "-00",
    ])
    func readsEveryNotationForUTC(zone: String) throws {
        let time = try #require(Timestamp(iso8601: "2021-12-01T16:53:34" + zone))
        #expect(time.milliseconds == 1_638_377_614_000)
    }

    @Test(arguments: [
        ("2021-12-02T00:53:34+08:00"), ("2021-12-02T00:53:34+0800"), ("2021-12-02T00:53:34+08"),
        ("2021-12-01T11:23:34-05:30"), ("2021-12-01T11:23:34-0530"), ("2021-12-01T04:53:34-12"),
        ("2021-12-02T16:52:34+23:59"), ("2021-11-30T16:54:34-23:59"), ("20211202T005334+0800"),
        ("20211202T005334+08:00"),
    ])
    func subtractsTheOffset(text: String) throws {
        #expect(try #require(Timestamp(iso8601: text)).text == "2021-12-01T16:53:34Z")
    }

    @Test(arguments: [
        (".1", 100), (".12", 120), (".123", 123), (".1239", 123), (".9999999999", 999), (".0", 0), (".000999", 0),
        (",5", 500), ("." + String(repeating: "9", count: 1000), 999),
    ])
    func cutsTheFractionToMilliseconds(fraction: String, milliseconds: Int) throws {
        for zone in ["Z", "+00:00"] {
            let time = try #require(Timestamp(iso8601: "1970-01-01T00:00:01" + fraction + zone))
            #expect(time.milliseconds == 1000 + milliseconds)
        }
    }

    @Test(arguments: [
        "2021-12-01T16:53:34", "2021-12-01T16:53:34.5", "2021-12-01T16:53", "20211201T165334", "2021-12-01",
        "2021-12-01Z", "2021-12-01T16:53:34 ", "2021-12-01T16:53:34CET", "2021-12-01T16:53:34UTC",
    ])
    func refusesATimeWithoutZone(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test(arguments: [
        "+8", "+08:", "+08:0", "+080", "+08:000", "+24:00", "+08:60", "+24", "08:00", "+", "-", "Z0", "ZZ", "z", "+08Z",
        "+-8:00", "+0 8:00", "\u{2212}08:00", " Z", "Z ", "Z\n", "+08:00:00",
    ])
    func refusesAMalformedZone(zone: String) {
        #expect(Timestamp(iso8601: "2021-12-01T16:53:34" + zone) == nil)
    }

    @Test(arguments: [
        "2021-02-29", "2100-02-29", "1900-02-29", "2000-02-30", "2021-04-31", "2021-06-31", "2021-09-31", "2021-11-31",
        "2021-01-32", "2021-12-32", "2021-00-01", "2021-13-01", "2021-01-00", "2021-99-99",
    ])
    func refusesADayThatDoesNotExist(date: String) {
        #expect(Timestamp(iso8601: date + "T00:00:00Z") == nil)
    }

    @Test(arguments: ["2024-02-29", "2000-02-29", "0000-02-29", "2021-04-30", "2021-01-31", "2021-12-31"])
    func acceptsTheLastDayOfAMonth(date: String) throws {
        #expect(try #require(Timestamp(iso8601: date + "T00:00:00Z")).text == date + "T00:00:00Z")
    }

    @Test(arguments: [
        "24:00:00", "23:60:00", "23:59:60", "99:00:00", "1:00:00", "01:0:00", "01:00:0", "-1:00:00", "01:00:00.",
        "01:00:00.Z", "01:00.5", "01", "", "01:00:00,", "01:0000", "0100:00", "01.00.00", "01:00:", " 1:00:00",
        "01:00:00..5", "01:00:00.5.5", "01:00:00.-5", "٠١:٠٠:٠٠",
    ])
    func refusesAMalformedTimeOfDay(time: String) {
        #expect(Timestamp(iso8601: "2021-12-01T" + time + "Z") == nil)
    }

    @Test(arguments: [
        "", "Z", "T", "now", "0", "1638377614", "2021-12-01 16:53:34Z", "2021-12-01t16:53:34Z", "2021-12-01T16:53:34z",
        "21-12-01T16:53:34Z", "12021-12-01T16:53:34Z", "+002021-12-01T16:53:34Z", "-2021-12-01T16:53:34Z",
        "2021-1-01T16:53:34Z", "2021-12-1T16:53:34Z", "2021/12/01T16:53:34Z", "2021-1201T16:53:34Z",
        "202112-01T16:53:34Z", "20211201T16:53:34Z", "2021-12-01T165334Z", "2021-W48-3T16:53:34Z",
        "2021-335T16:53:34Z", " 2021-12-01T16:53:34Z", "\"2021-12-01T16:53:34Z\"", "2021-12-01T16:53:34Z\0",
        "２０２１-12-01T16:53:34Z", "2021-12-01TT16:53:34Z", "Wed, 01 Dec 2021 16:53:34 GMT",
    ])
    func refusesWhatIsNotATime(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test(arguments: [
        "0000-01-01T00:00:00+00:01", "0000-01-01T23:58:59+23:59", "9999-12-31T23:59:00-00:01",
        "9999-12-31T00:01:00-23:59",
    ])
    func refusesAMomentOutsideTheYears0000To9999(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test(arguments: ["0000-01-01T00:01:00+00:01", "9999-12-31T23:58:59-00:01", "0000-01-01T23:59:00+23:59"])
    func acceptsTheLastMomentWithinThoseYears(text: String) {
        #expect(Timestamp(iso8601: text) != nil)
    }
}
