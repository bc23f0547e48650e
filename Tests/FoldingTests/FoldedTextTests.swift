import Testing

@testable import Folding

/// Which texts are the same to a search, and which are not.
struct FoldedTextTests {
    @Test(arguments: [
        // Nothing to fold.
        ("", ""), ("abc 123 %_*", "abc 123 %_*"), ("测试作业", "测试作业"), ("作业 etl-01", "作业 etl-01"),
        // Latin letters, alone and between Chinese ones.
        ("ABC", "abc"), ("Flink作业SQL", "flink作业sql"), ("ÀÉÎÕÜ", "àéîõü"), ("ǅ", "dž"),
        // German: full folding turns one letter into two.
        ("Straße", "strasse"), ("STRASSE", "strasse"), ("ẞ", "ss"), ("ÖÄÜ", "öäü"),
        // Turkish: a dotted capital I keeps its dot, a dotless small one stays as it is.
        ("İ", "i\u{307}"), ("I", "i"), ("ı", "ı"),
        // Greek: both small sigmas fold to one; a subscript iota becomes a letter.
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"), ("ς", "σ"), ("ᾳ", "αι"), ("ͅ", "ι"),
        ("Привет", "привет"), ("ԱՒ", "աւ"), ("Ა", "ა"), ("Ꭰ", "Ꭰ"), ("ꭰ", "Ꭰ"),
        // Full-width and half-width forms.
        ("ＡＢＣ１２３", "abc123"), ("，：（）", ",:()"), ("\u{3000}", " "), ("ｶﾞ", "ガ"), ("ﾊﾟｿｺﾝ", "パソコン"), ("￥", "¥"),
        // Ligatures, numbers in circles, units, Roman numerals.
        ("ﬁﬂﬃ", "fiflffi"), ("①②", "12"), ("㎏", "kg"), ("Ⅷ", "viii"), ("½", "1⁄2"), ("™", "tm"), ("℃", "°c"),
        ("㈱", "(株)"), ("㍿", "株式会社"), ("豈", "豈"),
        // Combining marks: composed, reordered, and without a composed form.
        ("e\u{301}", "é"), ("E\u{301}", "é"), ("\u{1100}\u{1161}", "가"), ("a\u{323}\u{307}", "ạ\u{307}"),
        ("a\u{307}\u{323}", "ạ\u{307}"), ("x\u{301}", "x\u{301}"), ("\u{212B}", "å"), ("\u{2126}", "ω"),
        // Emoji stay as they are, with their joiners and selectors.
        ("👩‍💻", "👩‍💻"), ("❤️", "❤️"), ("👍🏽", "👍🏽"), ("🇨🇳", "🇨🇳"),
        // One scalar becomes eighteen.
        ("ﷺ", "صلى الله عليه وسلم"),
        // The characters just outside the ranges of the quick path.
        ("@[`{\u{7F}", "@[`{\u{7F}"), ("\u{80}", "\u{80}"), ("\u{4DFF}一鿿ꀀ", "\u{4DFF}一鿿ꀀ"),
        // A mark that composes with a character of the quick path.
        ("A\u{30A}", "å"),
    ])
    func isFolded(text: String, folded: String) {
        #expect(Array(FoldedText(folding: text).text.unicodeScalars) == Array(folded.unicodeScalars))
    }

    @Test func isIdempotent() {
        for value in UInt32(1)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let once = FoldedText(folding: String(scalar))
            if once != FoldedText(folding: once.text) { Issue.record("U+\(String(value, radix: 16)) folds on") }
        }
    }

    @Test func theQuickPathAgreesWithTheFullOne() {
        for value in Array(UInt32(1)...0x7F) + Array(UInt32(0x4E00)...0x9FFF) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            // U+0080, which composes with nothing, rules out the quick path.
            let quick = FoldedText(folding: String(scalar)).text
            #expect(FoldedText(folding: "\u{80}" + String(scalar)).text == "\u{80}" + quick)
        }
    }

    @Test(arguments: [
        ("测试作业", "试作", true), ("测试作业", "测作", false), ("abc", "", true), ("", "", true), ("", "a", false),
        ("Straße", "SS", true), ("ＡＢＣ", "bc", true), ("a_b", "a%b", false), ("a%b", "%", true), ("ab", "abc", false),
        ("aaab", "aab", true), ("é", "e", false), ("e\u{301}x", "\u{e9}X", true),
    ])
    func findsItsParts(text: String, part: String, isFound: Bool) {
        #expect(FoldedText(folding: text).contains(FoldedText(folding: part)) == isFound)
    }
}
