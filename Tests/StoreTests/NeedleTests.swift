import Folding
import TestSupport
import Testing

@testable import Store

/// How a text to look for is cut, and that the functions find the same as a look at every place.
struct NeedleTests {
    @Test(arguments: ["订", "数据源 a", "x", "{\"job\": 1}", String(repeating: "a", count: 128)])
    func keepsAnOrdinaryTextWhole(text: String) {
        let needle = Needle(text)
        #expect(Array(needle.word) == Array(text.utf8))
        #expect(needle.before.isEmpty && needle.after.isEmpty && needle.period == nil)
    }

    @Test func cutsATextBehindItsLongestRepetition() {
        let needle = Needle(String(repeating: "ab", count: 1000) + "c" + String(repeating: "ab", count: 300))
        #expect(needle.word.prefix(4).elementsEqual("abab".utf8) && needle.word.count == 128 + 1 + 600)
        #expect(needle.before.map(\.count) == [128, 256, 512, 976] && needle.after.isEmpty && needle.period == nil)
    }

    @Test func cutsARepetitionBehindItsBeginning() {
        let needle = Needle(String(repeating: "abc", count: 1000) + "ab")
        #expect(needle.word.count == 192 && needle.period == 3 && needle.before.isEmpty)
        #expect(needle.after.map(\.count) == [192, 384, 768, 1466])
    }

    @Test(arguments: texts) func losesNothing(text: String) {
        let needle = Needle(text)
        let pieces = needle.before.reversed() + [needle.word] + needle.after
        #expect(Array(pieces.joined()) == Array(text.utf8))
    }

    /// Each text in each other one, as the function `page` finds it.
    @Test(arguments: texts) func isFoundWhereverItStands(text: String) async throws {
        try await withStore { store in
            for other in Self.texts {
                for haystack in [other, other + text, text + other, other + text.dropLast() + other, other + other] {
                    let isThere = FoldedText(folding: haystack).contains(FoldedText(folding: text))
                    let isFound = try await store.finds(text, in: haystack)
                    #expect(isFound == isThere, "\(text) in \(haystack)")
                }
            }
        }
    }

    @Test(arguments: 0..<4) func isFoundInRandomRepetitions(seed: Int) async throws {
        var random = SeededRandom(UInt64(seed))
        try await withStore { store in
            var foundCount = 0
            for _ in 0..<300 {
                let text = Self.repetitive(&random)
                let haystack =
                    Self.repetitive(&random) + text.dropFirst(random.chance(0.5) ? 1 : 0) + Self.repetitive(&random)
                let isThere = FoldedText(folding: haystack).contains(FoldedText(folding: text))
                let isFound = try await store.finds(text, in: haystack)
                #expect(isFound == isThere, "\(text) in \(haystack)")
                if isThere { foundCount += 1 }
            }
            #expect((50..<300).contains(foundCount))
        }
    }

    /// What `string.find` compares for the word, whatever repeats itself in the text, is linear in the text.
    ///
    /// For the text as a whole it was up to 2000 bytes for each byte of the text.
    @Test func isFoundByFewComparisons() {
        let salla = FoldedText(folding: "ﷺ").text
        for (text, haystack) in [
            (Self.repeated(salla, 2000) + "x", "x" + Self.repeated(salla, 4094)),
            (Self.repeated(salla, 2000), Self.repeated(Self.repeated(salla, 1999) + "y", 2)),
            (Self.repeated("⁗", 2700) + "x", Self.repeated("⁗", 4096)),
            (Self.repeated("a", 2000) + "b", Self.repeated("a", 4096)),
            (Self.repeated("a", 2000), Self.repeated(Self.repeated("a", 1999) + "b", 2)),
            (Self.repeated("ab", 1000) + "c" + Self.repeated("ab", 1000), Self.repeated("ab", 2048)),
        ] {
            let compared = Self.bytesCompared(finding: Array(Needle(text).word), in: Array(haystack.utf8))
            #expect(compared <= (Needle.periodsMax + 1) * haystack.utf8.count, "\(text.prefix(40))")
        }
    }

    /// How many bytes all comparisons compare, if each goes up to the first difference.
    private static func bytesCompared(finding word: [UInt8], in text: [UInt8]) -> Int {
        // For each place, how long the match with the beginning is (Gusfield's Z values).
        let both = word + text
        var lengths = [0]
        var (left, right) = (0, 0)
        for place in 1..<both.count {
            var length = place < right ? min(right - place, lengths[place - left]) : 0
            while place + length < both.count && both[length] == both[place + length] { length += 1 }
            if place + length > right { (left, right) = (place, place + length) }
            lengths.append(length)
        }
        return lengths[word.count...].reduce(0) { $0 + min($1, word.count) + 1 }
    }

    /// Repetitions of one to three bytes and more, whole and interrupted, inside each other, and Fibonacci words.
    private static let texts: [String] = {
        let (a, ab, salla) = (repeated("a", 300), repeated("ab", 150), repeated(FoldedText(folding: "ﷺ").text, 140))
        var (fibonacci, next) = ("a", "ab")
        while next.utf8.count < 1000 { (fibonacci, next) = (next, next + fibonacci) }
        return [
            "a", "ab", a, a + "b", "b" + a, a + "b" + a, "c" + a, ab, ab + "a", ab + "c", ab + "b" + ab, salla,
            salla + "x", "x" + salla, fibonacci, repeated(repeated("a", 200) + "b", 3),
            repeated(repeated("a", 129) + "b", 140), a + repeated(repeated("a", 130) + "b", 3), repeated("⁗", 200),
        ]
    }()

    private static func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    /// A few repetitions of short words, each about as long as what is cut.
    private static func repetitive(_ random: inout SeededRandom) -> String {
        let words = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            repeated(random.pick(["a", "ab", "aab"]), random.pick([1, 2, 127, 128, 129, 130, 200, 260]))
        }
        return words.joined(separator: random.pick(["", "a", "b"]))
    }
}

extension StoreUnderTest {
    /// Whether the functions find a folded text in another one.
    fileprivate func finds(_ text: String, in other: String) async throws -> Bool {
        try await run([["ZADD", "{0}:z", "1", "a"], ["HSET", "{0}:x:a", "name", FoldedText(folding: other).text]])
        var query = MessagePack()
        query.set("descending", to: false)
        query.set("skip", to: 0)
        query.set("limit", to: 1)
        query.set("effort", to: 1)
        query.set("bytes", to: 1)
        query.set("item_prefix", to: "{0}:x:")
        let condition = SearchPlan.Condition(kind: .contains, field: .name, text: FoldedText(folding: text).text)
        query.set("conditions", to: MessagePack([condition]))
        query.set("fields", to: MessagePack(["id"]))
        let reply = try await call(Library.page, ["{0}:z"], query)
        return try #require(PageReply(reply)).itemCount == 1
    }
}
