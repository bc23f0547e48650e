import Testing
import Works

/// What an id may be, and how new ones are made.
struct IdentifierTests {
    @Test(arguments: [
        "a", "Z", "0", "_", "-", "search", "002588b939b34699a278f7362c4313fa", "-_-", String(repeating: "x", count: 64),
    ])
    func acceptsUpTo64OfItsCharacters(text: String) throws {
        #expect(try #require(WorkID(text)).text == text)
        #expect(try #require(RunID(text)).description == text)
    }

    @Test(arguments: [
        "", String(repeating: "x", count: 65), " ", "a b", "a/b", "a.b", "a%41", "a:b", "a\0", "a\n", "{0}", "a*", "é",
        "作业", "ａ", "a\u{301}", "\u{212A}", "+", "=", "~", "@", "`", "[", "^",
    ])
    func refusesEverythingElse(text: String) {
        #expect(WorkID(text) == nil)
        #expect(RunID(text) == nil)
    }

    @Test func acceptsExactlyItsAlphabet() {
        let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".unicodeScalars)
        for scalar in (0...0x24F).compactMap(Unicode.Scalar.init) {
            #expect((WorkID(String(scalar)) != nil) == alphabet.contains(scalar), "U+\(scalar.value)")
        }
    }

    @Test func mintsUniqueHexadecimalDigits() {
        let ids = (0..<1000).map { _ in WorkID.minted() }
        #expect(Set(ids).count == ids.count)
        for id in ids {
            #expect(id.text.utf8.count == 32)
            #expect(id.text.allSatisfy { "0123456789abcdef".contains($0) })
            #expect(WorkID(id.text) == id)
        }
        let digits = Set(ids.flatMap(\.text))
        #expect(digits.count == 16)
    }

    @Test func isOrderedByItsBytes() {
        let texts = ["-", "--", "0", "1", "10", "2", "A", "B", "_", "a", "aa", "b"]
        let ids = texts.compactMap(WorkID.init)
        #expect(ids.shuffled().sorted().map(\.text) == texts)
    }
}
