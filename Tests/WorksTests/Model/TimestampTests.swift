import Testing
import Works

/// How times are compared, bounded and written.
struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"),
        (1_638_377_614_000, "2021-12-01T16:53:34Z"),
        (1_638_377_614_999, "2021-12-01T16:53:34Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (-1000, "1969-12-31T23:59:59Z"),
        (-1001, "1969-12-31T23:59:58Z"),
        (951_782_400_000, "2000-02-29T00:00:00Z"),
        (-2_203_891_200_000, "1900-03-01T00:00:00Z"),
        (-62_167_219_200_000, "0000-01-01T00:00:00Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59Z"),
    ])
    func goesOutInWholeSeconds(milliseconds: Int, text: String) {
        let time = Timestamp(milliseconds: milliseconds)
        #expect(time.text == text)
        #expect(written { time.write(to: &$0) } == "\"\(text)\"")
        #expect(time.milliseconds == milliseconds)
    }

    @Test(arguments: [
        (0, 0), (999, 0), (1000, 1), (-1, -1), (-999, -1), (-1000, -1), (-1001, -2),
    ])
    func roundsSecondsDown(milliseconds: Int, seconds: Int) {
        #expect(Timestamp(milliseconds: milliseconds).seconds == seconds)
    }

    @Test(arguments: [(Int.min, "0000-01-01T00:00:00Z"), (Int.max, "9999-12-31T23:59:59Z")])
    func staysWithinFourDigitsOfYears(milliseconds: Int, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).text == text)
    }

    @Test(arguments: [
        (-62_167_219_200_001, -62_167_219_200_000), (253_402_300_800_000, 253_402_300_799_999),
    ])
    func isClampedOnePastEitherEnd(milliseconds: Int, clamped: Int) {
        #expect(Timestamp(milliseconds: milliseconds).milliseconds == clamped)
    }

    @Test(arguments: [(1000, 1999), (0, 1), (-1, -1000)])
    func isEqualToWhatReadsTheSame(left: Int, right: Int) {
        let (left, right) = (Timestamp(milliseconds: left), Timestamp(milliseconds: right))
        #expect(left == right)
        #expect(!(left < right) && !(right < left))
        #expect(Set([left, right]).count == 1)
    }

    @Test(arguments: [(999, 1000), (-1, 0), (-1001, -1000)])
    func isEarlierThanWhatReadsLater(left: Int, right: Int) {
        let (left, right) = (Timestamp(milliseconds: left), Timestamp(milliseconds: right))
        #expect(left < right)
        #expect(left != right)
        #expect(Set([left, right]).count == 2)
    }
}
