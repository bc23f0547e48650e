import Testing

@testable import works_worker

/// What the log says while the store is away, and how often.
struct StoreNotesTests {
    private static let start = ContinuousClock.now

    /// The lines for these states, each given with its second.
    private func lines(_ states: [(Double, String?)]) -> [String] {
        var notes = StoreNotes()
        return states.compactMap { notes.line(for: $1, at: Self.start + .seconds($0)) }
    }

    @Test func aChangeIsToldAtOnce() {
        #expect(
            lines([(0, nil), (1, "refused"), (1.5, "silent"), (3, nil), (4, nil)]) == [
                "store usable", "store unusable: refused", "store unusable: silent", "store usable again after 2 s",
            ]
        )
        #expect(lines([(0, "refused"), (7.5, nil)]) == ["store unusable: refused", "store usable again after 7 s"])
    }

    @Test func aReasonThatGoesOnIsToldOnceAMinute() {
        let told = lines((0...400).map { (Double($0) / 2, "refused") })
        #expect(
            told == [
                "store unusable: refused", "store still unusable after 60 s: refused",
                "store still unusable after 120 s: refused", "store still unusable after 180 s: refused",
            ]
        )
    }

    @Test func reasonsThatAlternateAreToldOnceAMinuteEach() {
        let told = lines((0..<240).map { (Double($0) / 2, $0 % 2 == 0 ? "refused" : "silent") })
        #expect(told.count == 4 && told[3] == "store still unusable after 60 s: silent")
    }

    @Test func aStoreThatComesAndGoesIsToldLater() {
        var notes = StoreNotes()
        var count = 0
        for turn in 0..<1000 {
            let reason = turn % 2 == 0 ? "lost" : nil
            if notes.line(for: reason, at: Self.start + .milliseconds(turn)) != nil { count += 1 }
        }
        #expect(count == StoreNotes.linesMax)
        _ = notes.line(for: "lost", at: Self.start + .seconds(2))
        #expect(notes.isBehind && notes.reason == "lost")
        #expect(notes.line(for: notes.reason, at: Self.start + .seconds(62)) == "store unusable: lost")
        #expect(!notes.isBehind)
    }

    @Test func reasonsWithoutEndAreBounded() {
        let told = lines((0..<10_000).map { (Double($0) / 100, "reason \($0)") })
        #expect(told.count == 2 * StoreNotes.linesMax)
    }

    @Test func aQuotaCountsWhatItOmits() {
        var quota = EventQuota(2, in: .seconds(10))
        let admitted = (0..<5).map { quota.admit(at: Self.start + .seconds($0)) }
        #expect(admitted == [0, 0, nil, nil, nil])
        #expect(quota.admit(at: Self.start + .seconds(10)) == 3)
        #expect(quota.admit(at: Self.start + .seconds(11)) == 0)
    }
}
