import Testing
import Works

/// Which works a filter accepts, and that equal filters have one form.
struct FilterTests {
    private let work = Work.sample

    @Test func acceptsEverythingWhenEmpty() {
        #expect(Filter().accepts(work))
        #expect(Filter().accepts(.blank))
        #expect(!Filter().isUnion)
    }

    @Test(arguments: [("alice", true), ("Alice", false), ("alic", false), ("alice ", false), ("", false)])
    func comparesTheUserExactly(userID: String, isAccepted: Bool) {
        var filter = Filter()
        filter.userID = userID
        #expect(filter.accepts(work) == isAccepted)
    }

    @Test func comparesTheUserByItsBytes() {
        var filter = Filter()
        filter.userID = "e\u{301}"
        #expect(!filter.accepts(work.with { $0.userID = "\u{e9}" }))
        #expect(filter.accepts(work.with { $0.userID = "e\u{301}" }))
        var other = Filter()
        other.userID = "\u{e9}"
        #expect(filter != other)
    }

    @Test(
        arguments: [
            (.exactly("名字"), true), (.exactly("名"), false), (.exactly(""), false), (.containing("名"), true),
            (.containing("名字"), true), (.containing("字名"), false),
        ] as [(Filter.TextMatch, Bool)]
    )
    func matchesATextWholeOrInPart(match: Filter.TextMatch, isAccepted: Bool) {
        var (named, described) = (Filter(), Filter())
        named.name = match
        described.description = match
        #expect(named.hasText && described.hasText)
        #expect(named.accepts(work) == isAccepted)
        #expect(described.accepts(work.with { ($0.name, $0.description) = ("x", $0.name) }) == isAccepted)
    }

    @Test func foldsOnlyWhatIsMatchedInPart() {
        let work = work.with { $0.name = "ＡＢＣ e\u{301}" }
        var filter = Filter()
        filter.name = .containing("abc \u{E9}")
        #expect(filter.accepts(work))
        filter.name = .exactly("ＡＢＣ \u{E9}")
        #expect(!filter.accepts(work))
        filter.name = .exactly(work.name)
        #expect(filter.accepts(work))
    }

    @Test(arguments: [([3], true), ([0], false), ([1, 3], true), ([0, 7], false), ([0, 1, 2, 3, 4, 5, 6, 7], true)])
    func acceptsAnyOfTheStatuses(numbers: [Int], isAccepted: Bool) {
        var filter = Filter()
        filter.statuses = numbers.map(Status.number)
        #expect(filter.accepts(work) == isAccepted)
    }

    @Test func zeroIsAStatusLikeAnyOther() {
        var filter = Filter()
        filter.statuses = [.number(0)]
        #expect(filter.accepts(.blank))
        #expect(!filter.accepts(work))
    }

    @Test(
        arguments: [
            ([.hourly], true), ([.daily], false), ([.once, .hourly], true), ([.once, .weekly], false),
        ] as [([RunFrequency], Bool)]
    )
    func acceptsAnyOfTheFrequencies(frequencies: [RunFrequency], isAccepted: Bool) {
        var filter = Filter()
        filter.frequencies = frequencies
        #expect(filter.accepts(work) == isAccepted)
        #expect(!filter.accepts(.blank))
    }

    @Test(arguments: 0..<8)
    func requiresEveryCondition(failing: Int) {
        var filter = Filter()
        filter.userID = failing & 1 == 0 ? "alice" : "bob"
        filter.statuses = [.number(failing & 2 == 0 ? 3 : 4)]
        filter.frequencies = [failing & 4 == 0 ? .hourly : .weekly]
        #expect(filter.accepts(work) == (failing == 0))
    }

    @Test func sortsAndDropsRepetitions() {
        var filter = Filter()
        filter.statuses = [5, 1, 5, 0, 1].map(Status.number)
        filter.frequencies = [.weekly, .once, .weekly, .hourly]
        #expect(filter.statuses.map(\.number) == [0, 1, 5])
        #expect(filter.frequencies == [.once, .hourly, .weekly])
    }

    @Test func isEqualWhateverTheOrderOfItsValues() {
        var (left, right) = (Filter(), Filter())
        left.statuses = [.number(1), .number(2)]
        right.statuses = [.number(2), .number(1), .number(2)]
        left.frequencies = [.daily, .once]
        right.frequencies = [.once, .daily]
        #expect(left == right)
        right.frequencies = [.once]
        #expect(left != right)
    }

    @Test func isAUnionOfTwoOrMoreValues() {
        var filter = Filter()
        filter.userID = "alice"
        filter.statuses = [.number(1), .number(1)]
        filter.frequencies = [.once]
        #expect(!filter.isUnion)
        filter.statuses = [.number(1), .number(2)]
        #expect(filter.isUnion)
        filter.statuses = []
        filter.frequencies = [.once, .daily]
        #expect(filter.isUnion)
    }
}
