import Bytes
public import Wording

extension Language {
    /// The language that a request prefers: English, unless Chinese ranks before it (RFC 9110 §12.5.4).
    ///
    /// If several ranges name one language, the highest weight counts; `*` stands for any language not named; at equal
    /// weights, the language named first wins. Only the first subtag matters: zh-CN, zh-Hans and zh-TW are zh.
    public init(acceptLanguage: String?) {
        var preferences = Preferences()
        for range in (acceptLanguage ?? "").utf8.split(separator: UInt8(ascii: ",")) {
            preferences.add(range)
        }
        self = preferences.preferred
    }
}

/// The weight that a request gives each language, in thousandths.
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

    /// Adds one language range with its parameters, such as ` zh-CN;q=0.9`.
    ///
    /// A malformed range is ignored.
    mutating func add(_ range: Substring.UTF8View) {
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
