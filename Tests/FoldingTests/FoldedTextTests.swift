import Testing

@testable import Folding

/// What is one text to a search, and what is not.
struct FoldedTextTests {
    @Test(arguments: [
        // Nothing to fold.
        ("", ""), ("abc 123 %_*", "abc 123 %_*"), ("测试作业", "测试作业"), ("作业 etl-01", "作业 etl-01"),
        // Latin letters, alone and between Chinese ones.
        ("ABC", "abc"), ("Flink作业SQL", "flink作业sql"), ("ÀÉÎÕÜ", "àéîõü"), ("ǅ", "dž"),
        // German: full folding makes two letters of one.
        ("Straße", "strasse"), ("STRASSE", "strasse"), ("ẞ", "ss"), ("ÖÄÜ", "öäü"),
        // Turkish: a dotted capital I keeps its dot, a dotless small one stays itself.
        ("İ", "i\u{307}"), ("I", "i"), ("ı", "ı"),
        // Greek: both small sigmas are one; a subscript iota is a letter.
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"), ("ς", "σ"), ("ᾳ", "αι"), ("ͅ", "ι"),
        ("Привет", "привет"), ("ԱՒ", "աւ"), ("Ა", "ა"), ("Ꭰ", "Ꭰ"), ("ꭰ", "Ꭰ"),
        // Full-width and half-width forms.
        ("ＡＢＣ１２３", "abc123"), ("，：（）", ",:()"), ("\u{3000}", " "), ("ｶﾞ", "ガ"), ("ﾊﾟｿｺﾝ", "パソコン"), ("￥", "¥"),
        // Ligatures, numbers in circles, units, Roman numerals.
        ("ﬁﬂﬃ", "fiflffi"), ("①②", "12"), ("㎏", "kg"), ("Ⅷ", "viii"), ("½", "1⁄2"), ("™", "tm"), ("℃", "°c"),
        ("㈱", "(株)"), ("㍿", "株式会社"), ("豈", "豈"),
        // Combining marks: composed, in order, and where there is no composed form.
        ("e\u{301}", "é"), ("E\u{301}", "é"), ("\u{1100}\u{1161}", "가"), ("a\u{323}\u{307}", "ạ\u{307}"),
        ("a\u{307}\u{323}", "ạ\u{307}"), ("x\u{301}", "x\u{301}"), ("\u{212B}", "å"), ("\u{2126}", "ω"),
        // Emoji are left alone, their joiners and selectors, too.
        ("👩‍💻", "👩‍💻"), ("❤️", "❤️"), ("👍🏽", "👍🏽"), ("🇨🇳", "🇨🇳"),
        // A text that grows: one scalar becomes eighteen.
        ("ﷺ", "صلى الله عليه وسلم"),
        // Ends of the quick way: the characters just outside of it.
        ("@[`{\u{7F}", "@[`{\u{7F}"), ("\u{80}", "\u{80}"), ("\u{4DFF}一鿿ꀀ", "\u{4DFF}一鿿ꀀ"),
        // A mark that composes with what the quick way would have let pass.
        ("A\u{30A}", "å"),
    ])
    func isFolded(text: String, folded: String) {
        #expect(Array(FoldedText(folding: text).text.unicodeScalars) == Array(folded.unicodeScalars))
    }

    @Test func changesNothingTheSecondTime() {
        for value in UInt32(1)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let once = FoldedText(folding: String(scalar))
            if once != FoldedText(folding: once.text) { Issue.record("U+\(String(value, radix: 16)) folds on") }
        }
    }

    @Test func theQuickWayIsTheLongWay() {
        for value in Array(UInt32(1)...0x7F) + Array(UInt32(0x4E00)...0x9FFF) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            // After U+0080, which nothing composes with, the quick way is shut.
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
