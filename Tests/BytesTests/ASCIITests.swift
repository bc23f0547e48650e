import Bytes
import Testing

struct ASCIITests {
    @Test func knowsDigitsAndLetters() {
        let digits = Set("0123456789".utf8)
        let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        for byte in UInt8.min...(.max) {
            #expect(byte.isDigit == digits.contains(byte))
            #expect(byte.isLetter == letters.contains(byte))
            #expect(byte.isLetterOrDigit == (digits.contains(byte) || letters.contains(byte)))
            #expect(byte.isBlank == [0x20, 0x09].contains(byte))
        }
    }

    @Test(arguments: [
        ("", ""), (" ", ""), ("\t \t", ""), ("a", "a"), (" a", "a"), ("a\t", "a"), ("\t a b \t", "a b"),
        ("a \t b", "a \t b"), ("\na\r", "\na\r"), ("\u{A0}a\u{3000}", "\u{A0}a\u{3000}"), (" \u{301}", "\u{301}"),
    ])
    func trimsSpacesAndTabsOnly(text: String, trimmed: String) {
        #expect(Array(text[...].utf8.trimmingBlanks) == Array(trimmed.utf8))
    }

    @Test func trimsWithinTheBoundsOfASubstring() {
        let text = "a, b ,c"
        let part = text.dropFirst(2).dropLast(2)
        #expect(String(Substring(part.utf8.trimmingBlanks)) == "b")
    }
}
