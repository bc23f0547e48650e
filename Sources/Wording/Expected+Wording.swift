public import Works

extension Expected {
    /// The accepted values as a noun phrase, to follow "send".
    public func phrase(in language: Language) -> String {
        switch self {
        case .text(let length):
            language.choose(
                "a string of \(length.lowerBound) to \(length.upperBound) characters",
                " \(length.lowerBound) 至 \(length.upperBound) 个字符的字符串"
            )
        case .oneOf(let values):
            language.choose("one of " + values.joined(separator: ", "), "以下之一：" + values.joined(separator: "、"))
        case .integer(let range): Self.integer(range, in: language)
        case .status:
            language.choose(
                "\(Self.integer(Status.range, in: language)), as a number or as decimal text",
                "\(Self.integer(Status.range, in: language))（数字或十进制文本）"
            )
        case .time:
            language.choose(
                "an ISO 8601 time with a zone, such as 2021-12-01T16:53:34Z",
                "带时区的 ISO 8601 时间，例如 2021-12-01T16:53:34Z"
            )
        case .identifier:
            language.choose("1 to 64 of the characters A-Z, a-z, 0-9, _ and -", " 1 至 64 个字符，仅限 A-Z、a-z、0-9、_ 和 -")
        case .extraParams: Self.extraParams(in: language)
        case .tasks: language.choose("an array of tasks, each an object", "任务数组，每一项是一个对象")
        case .list(let expected):
            language.choose(
                "a comma-separated list of values, each \(expected.phrase(in: language))",
                "以逗号分隔的列表，其中每一项是\(expected.phrase(in: language))"
            )
        }
    }

    private static func integer(_ range: ClosedRange<Int>, in language: Language) -> String {
        language.choose(
            "an integer from \(range.lowerBound) to \(range.upperBound)",
            " \(range.lowerBound) 至 \(range.upperBound) 的整数"
        )
    }

    private static func extraParams(in language: Language) -> String {
        let (most, length) = (ExtraParams.countMax, ExtraParams.lengthMax)
        return language.choose(
            "a string or an array of at most \(most) strings, each of at most \(length) characters",
            "字符串或最多 \(most) 个字符串的数组，每个字符串最多 \(length) 个字符"
        )
    }
}
