import Bytes
import Testing

/// Texts of others as a message or a log shows them.
struct PrintableTextTests {
    @Test(arguments: [
        ("", ""), ("plain, 'quoted' {x}", "plain, 'quoted' {x}"), ("作业 é", "作业 é"), ("a\r\nb\tc", "a??b?c"),
        ("\u{1B}[31mred", "?[31mred"), ("\u{0}\u{7F}\u{9B}", "???"), ("a\u{2028}b\u{202E}c", "a?b?c"),
    ])
    func controlCharactersAreReplaced(_ text: String, _ printable: String) {
        #expect(text.printable() == printable)
    }

    @Test func theLengthIsLimited() {
        let full = String(repeating: "x", count: 300)
        #expect(full.printable() == full)
        #expect((full + "x").printable() == full + "…")
        #expect("作业é".printable(upTo: 2) == "作业…")
    }
}
