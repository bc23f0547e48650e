import Bytes
import Testing

/// Texts that Unicode calls equivalent stay different.
struct ExactTextTests {
    private let composed = "\u{e9}"
    private let decomposed = "e\u{301}"

    @Test func differsFromAnEquivalentText() {
        #expect(composed == decomposed)
        #expect(!composed.isExactly(decomposed))
        #expect(ExactText(composed) != ExactText(decomposed))
        #expect(ExactText(composed).hashValue != ExactText(decomposed).hashValue)
        #expect(Set([ExactText(composed), ExactText(decomposed), ExactText(composed)]).count == 2)
    }

    @Test(arguments: ["", "a", "é", "作业", "a\0", "12345678", "123456789", String(repeating: "x", count: 1000)])
    func equalsItself(text: String) {
        let copy = String(decoding: Array(text.utf8), as: UTF8.self)
        #expect(text.isExactly(copy))
        #expect(ExactText(text) == ExactText(copy))
        #expect(ExactText(text).hashValue == ExactText(copy).hashValue)
    }

    /// Eight bytes are hashed at a time, so the lengths around multiples of eight matter.
    @Test func hashesEveryByteAndTheLength() {
        var texts: Set<ExactText> = []
        for count in 0...40 {
            texts.insert(ExactText(String(repeating: "\0", count: count)))
            for index in 0..<count {
                var bytes = [UInt8](repeating: 0, count: count)
                bytes[index] = 1
                texts.insert(ExactText(String(decoding: bytes, as: UTF8.self)))
            }
        }
        #expect(texts.count == 41 + (1...40).reduce(0, +))
        #expect(Set(texts.map(\.hashValue)).count == texts.count)
    }

    @Test func absentTextsAreExactlyEqual() {
        let none: String? = nil
        #expect(none.isExactly(nil))
        #expect(!none.isExactly(""))
        #expect(!Optional("").isExactly(nil))
        #expect(Optional(composed).isExactly(composed))
        #expect(!Optional(composed).isExactly(decomposed))
    }
}
