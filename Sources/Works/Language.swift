import Bytes

/// The language of a message.
package enum Language: Sendable, CaseIterable {
    case english
    case chinese

    /// The language that a request prefers, English unless Chinese is asked for before it.
    ///
    /// Of several ranges for a language the one with the highest quality counts, `*` stands for a language that has none,
    /// and between equals the one that is named first wins. Only the first subtag matters: zh-CN, zh-Hans, zh-TW are zh.
    package init(acceptLanguage: String?) {
        var preferences = Preferences()
        for range in (acceptLanguage ?? "").utf8.split(separator: UInt8(ascii: ",")) {
            preferences.take(range)
        }
        self = preferences.preferred
    }

    func choose(_ english: @autoclosure () -> String, _ chinese: @autoclosure () -> String) -> String {
        switch self {
        case .english: english()
        case .chinese: chinese()
        }
    }
}

/// How much a request wants each language, in thousandths.
private struct Preferences {
    private var english: Int?
    private var chinese: Int?
    private var any: Int?
    private var chineseIsFirst = false

    var preferred: Language {
        let english = english ?? any ?? 0
        let chinese = chinese ?? any ?? 0
        return chinese > english || (chinese == english && chinese > 0 && chineseIsFirst) ? .chinese : .english
    }

    /// Takes one language range with its parameters, such as ` zh-CN;q=0.9`.
    ///
    /// A malformed one counts for nothing.
    mutating func take(_ range: Substring.UTF8View) {
        let parts = range.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map(\.trimmingBlanks)
        guard let tag = parts.first, let weight = Self.weight(parts.dropFirst()) else { return }
        switch Self.primarySubtag(tag) {
        case "zh":
            if english == nil, chinese == nil { chineseIsFirst = true }
            chinese = max(chinese ?? 0, weight)
        case "en":
            english = max(english ?? 0, weight)
        case "*":
            any = max(any ?? 0, weight)
        default:
            break
        }
    }

    private static func primarySubtag(_ tag: Substring.UTF8View) -> String {
        String(Substring(tag.prefix { $0 != UInt8(ascii: "-") })).lowercased()
    }

    private static func weight(_ parameters: ArraySlice<Substring.UTF8View>) -> Int? {
        guard let parameter = parameters.first else { return 1000 }
        let text = String(Substring(parameter)).lowercased()
        guard parameters.count == 1, text.hasPrefix("q=") else { return nil }
        return thousandths(text.dropFirst(2).utf8)
    }

    /// Reads 0 to 1 with up to three digits after the point.
    private static func thousandths(_ text: Substring.UTF8View) -> Int? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let whole = parts.first, whole.count == 1, parts.count <= 2 else { return nil }
        let fraction = parts.count == 2 ? String(Substring(parts[1])) : ""
        let digits =
            String(Substring(whole)) + fraction + String(repeating: "0", count: max(0, 3 - fraction.utf8.count))
        guard digits.utf8.count == 4, let weight = Int(digits: digits), weight <= 1000
        else { return nil }
        return weight
    }
}
