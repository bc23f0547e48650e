import Testing
import Wording

@testable import API

/// Which language a request prefers.
struct LanguageTests {
    @Test func isEnglishUnlessAsked() {
        #expect(Language(acceptLanguage: nil) == .english)
    }

    @Test(arguments: [
        "zh", "ZH", "zh-CN", "zh-cn", "zh-TW", "zh-Hans", "zh-Hans-CN", "zh-Hant;q=0.001", "zh,en", "zh, en",
        "zh-CN,zh;q=0.9,en;q=0.8", "zh;q=0.9,en;q=0.8", "en;q=0.8,zh;q=0.9", "en;q=0.9,zh", "en;q=0.999,zh;q=1.000",
        "fr,zh;q=0.1", "fr, de;q=0.9, zh;q=0.8, en;q=0.7", "en;q=0,zh;q=0.1", "*;q=0.1,zh;q=0.2", "zh,*", "zh;q=1.",
        "zh;q=0.5,*;q=0.4", "en;q=0,*", "en;q=0.1,zh;q=0.1,zh-CN;q=0.2", "zh ; q=0.5", "\tzh\t;\tq=1\t", "zh;Q=0.5",
        ",,zh,,", "en;q=0.3,zh-TW;q=0.2,zh-CN;q=0.4", "zh;q=0.5,en;q=0.5", "en;q=2,zh", "en;q=x,zh;q=0.1",
    ])
    func isChineseWhenPreferred(header: String) {
        #expect(Language(acceptLanguage: header) == .chinese)
    }

    @Test(arguments: [
        "", " ", ",", ";", ";q=1", "*", "en", "en-US", "en-GB,en;q=0.9", "fr", "ja,ko;q=0.9", "en,zh", "en, zh;q=0.9",
        "en-US,en;q=0.9,zh-CN;q=0.8,zh;q=0.7", "zh;q=0.8,en;q=0.9", "zh;q=0.8,en", "zh;q=0", "zh;q=0.0", "zh;q=0.000",
        "zh;q=0,*", "zh;q=0,en;q=0.001", "en;q=0.5,zh;q=0.5", "zh;q=0.5,*", "zh;q=0.899,en;q=0.9", "zho", "zhx-CN",
        "z", "-zh", "x-zh", "yue", "cmn-Hans", "en;q=0.1,*;q=0.2,zh;q=0.1", "中文",
    ])
    func isEnglishOtherwise(header: String) {
        #expect(Language(acceptLanguage: header) == .english)
    }

    @Test(arguments: [
        "zh;q=2", "zh;q=1.001", "zh;q=-1", "zh;q=0.1234", "zh;q=", "zh;q", "zh;", "zh;q=.5", "zh;q=0,5", "zh;q=0.5.5",
        "zh;q=a", "zh;q=00.5", "zh;q = 0.5", "zh;r=1", "zh;q=1;r=2", "zh;q=+1", "zh;q=0.x", "zh;q=１", "zh;q=0.\u{e9}",
    ])
    func doesNotCountAMalformedRange(header: String) {
        #expect(Language(acceptLanguage: header) == .english)
        #expect(Language(acceptLanguage: header + ",zh-CN;q=0.1") == .chinese)
    }

    @Test func readsALongHeader() {
        let many = String(repeating: "fr;q=0.5,", count: 10_000)
        #expect(Language(acceptLanguage: many + "zh") == .chinese)
    }
}
