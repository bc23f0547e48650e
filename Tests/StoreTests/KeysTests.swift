import Testing
import Works

@testable import Store

/// The key layout, as `Keys` documents it.
struct KeysTests {
    private let work = WorkID("w1")!
    private let run = RunID("t1")!

    @Test func areWrittenAsDocumented() {
        #expect(Keys.schema == "{0}:schema")
        #expect(Keys.sequence == "{0}:seq")
        #expect(Keys.work(work) == "{0}:w:w1")
        #expect(Keys.run(run, of: work) == "{0}:t:w1:t1")
        #expect(Keys.runs(of: work) == "{0}:wt:w1")
        #expect(Keys.runs(of: work, status: Status(3)) == "{0}:wt:w1:3")
        #expect(Keys.idempotency("ab12") == "{0}:i:ab12")
        #expect(Keys.index(.created, userID: nil, status: nil, frequency: nil) == "{0}:c:")
        #expect(Keys.index(.updated, userID: "ann", status: Status(1), frequency: nil) == "{0}:u:u=ann:s=1")
        #expect(
            Keys.index(.deleted, userID: "ann", status: Status(0), frequency: .hourly) == "{0}:d:u=ann:s=0:f=hourly"
        )
    }

    @Test(arguments: ["ann:s=1", "ann%3As=1", "a:b", "a%b", ":", "%", "%3A"])
    func noUserPassesForAnotherSet(userID: String) {
        var seen: Set<String> = []
        for user in [userID, "ann", nil] {
            for status in [Status(1), nil] {
                for frequency in [RunFrequency.once, nil] {
                    let key = Keys.index(.created, userID: user, status: status, frequency: frequency)
                    #expect(seen.insert(key).inserted, "\(key) twice")
                }
            }
        }
    }

    @Test func allKeysShareOneSlot() {
        let keys = [
            Keys.schema, Keys.sequence, Keys.work(work), Keys.run(run, of: work), Keys.runs(of: work),
            Keys.idempotency("x"), Keys.index(.created, userID: "{1}", status: nil, frequency: nil),
        ]
        for key in keys { #expect(key.hasPrefix("{0}:")) }
    }
}
