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

    /// None of them can be what ``Keys`` writes, however large its numbers are.
    @Test(arguments: [
        "{0}:n:999999999999999999", "{0}:n:9223372036854775807", "{0}:n:99999999999999999999", "{0}:n:-1", "{0}:n:07",
        "{0}:n:+7", "{0}:n:x", "{0}:n:", "{0}:n", "{0}:n:1:2", "{0}:p:l:9223372036854775807", "{0}:p:l:-1",
        "{0}:p:l:01",
        "{0}:p:l:", "{0}:p:1", "{0}:w:", "{0}:w:a b", "{0}:w:a:b", "{0}:t:w1", "{0}:t:w1:", "{0}:t:w1:t1:x",
        "{0}:wt:w1:8",
        "{0}:wt:w1:", "{0}:wt:w1:1:1", "{0}:wt", "{0}:i", "{0}:seq:1", "{0}:schema:1", "{0}:purging:1", "{0}:x", "{0}:",
        "{0}",
        "", "{1}:w:w1",
    ])
    func noOtherKeyPassesForOne(text: String) {
        guard case .unknown = Key(text) else {
            Issue.record("\(text) is read as \(Key(text))")
            return
        }
    }

    @Test func theHighestNumbersAreRead() {
        let highest = Keys.numberMax - 1
        guard case .ids(let first) = Key(Keys.ids(highest)) else {
            Issue.record("not a hash of ids")
            return
        }
        #expect(first == highest - highest % Keys.idsPerHash)
        guard case .posting("l", let block) = Key(Keys.posting(.live, block: highest / Keys.blockSize)) else {
            Issue.record("not a posting set")
            return
        }
        #expect(block == highest / Keys.blockSize)
    }

    @Test func allKeysShareOneSlot() {
        let keys = [
            Keys.schema, Keys.sequence, Keys.work(work), Keys.run(run, of: work), Keys.runs(of: work),
            Keys.idempotency("x"), Keys.index(.created, userID: "{1}", status: nil, frequency: nil),
        ]
        for key in keys { #expect(key.hasPrefix("{0}:")) }
    }
}
