/// What is said of a field or a parameter after its name: `is …; accepted is …`.
extension Complaint {
    func predicate(in language: Language) -> String {
        switch self {
        case .required(let expected): required(expected, in: language)
        case .mustNotBeCleared(let expected): mustNotBeCleared(expected, in: language)
        case .not(let expected): not(expected, in: language)
        case .blank(let expected): blank(expected, in: language)
        case .tooLong(let max):
            language.choose("is too long; up to \(max) characters are accepted.", "过长；最多接受 \(max) 个字符。")
        case .holdsNUL:
            language.choose("holds the character U+0000; all others are accepted.", "含有字符 U+0000；接受除此以外的字符。")
        case .tooMany(let max):
            language.choose("has too many entries; up to \(max) are accepted.", "元素过多；最多接受 \(max) 个。")
        case .inTheFuture: inTheFuture(in: language)
        case .before(let other):
            language.choose("is before '\(other)'; it must be the same or later.", "早于 '\(other)'；必须与其相同或更晚。")
        case .after(let other):
            language.choose("is after '\(other)'; it must be the same or earlier.", "晚于 '\(other)'；必须与其相同或更早。")
        case .excludes(let other):
            language.choose(
                "is not accepted together with '\(other)'; send one of them.",
                "不能与 '\(other)' 同时使用；请只发送其一。"
            )
        case .beyondReach(let max): beyondReach(max, in: language)
        case .pageTooLarge(let max):
            language.choose(
                "asks for more than the \(max) MiB that an answer may have; ask for fewer items.",
                "所请求的内容超过一次响应的上限 \(max) MiB；请减少条数。"
            )
        }
    }

    private func required(_ expected: Expected, in language: Language) -> String {
        let phrase = expected.phrase(in: language)
        return language.choose("is missing or blank; it must be \(phrase).", "缺失或为空；必须是\(phrase)。")
    }

    private func mustNotBeCleared(_ expected: Expected, in language: Language) -> String {
        let phrase = expected.phrase(in: language)
        return language.choose("cannot be cleared; it must be \(phrase).", "不能清空；必须是\(phrase)。")
    }

    private func not(_ expected: Expected, in language: Language) -> String {
        let phrase = expected.phrase(in: language)
        return language.choose("has a value that is not accepted; it must be \(phrase).", "的值不被接受；必须是\(phrase)。")
    }

    private func blank(_ expected: Expected, in language: Language) -> String {
        let phrase = expected.phrase(in: language)
        return language.choose(
            "holds nothing but white space; it must be \(phrase), of which one at least shows.",
            "只有空白字符；必须是\(phrase)，且至少含有一个非空白字符。"
        )
    }

    private func inTheFuture(in language: Language) -> String {
        let minutes = Timestamp.leadMax.components.seconds / 60
        return language.choose(
            "is too far in the future; up to \(minutes) minutes after the service's clock is accepted.",
            "是过远的将来；最多接受比服务时钟晚 \(minutes) 分钟的时间。"
        )
    }

    private func beyondReach(_ max: Int, in language: Language) -> String {
        language.choose(
            "leads too far with a comma list, which reaches \(max) items; use 'cursor' to go on.",
            "超出范围：使用逗号列表时最多到达前 \(max) 项；请改用 'cursor' 继续。"
        )
    }
}

extension Expected {
    /// The kind of value as a noun, to go after "it must be".
    func phrase(in language: Language) -> String {
        switch self {
        case .text(let length): text(length, in: language)
        case .oneOf(let values): oneOf(values, in: language)
        case .integer(let range): integer(range, in: language)
        case .status: status(in: language)
        case .time:
            language.choose(
                "an ISO 8601 time with a zone, such as 2021-12-01T16:53:34Z",
                "带时区的 ISO 8601 时间，例如 2021-12-01T16:53:34Z"
            )
        case .identifier:
            language.choose("1 to 64 of the characters A-Z, a-z, 0-9, _ and -", " 1 至 64 个字符，仅限 A-Z、a-z、0-9、_ 和 -")
        case .extraParams: extraParams(in: language)
        case .tasks: language.choose("an array of tasks, each an object", "任务数组，每一项是一个对象")
        case .list(let expected):
            language.choose(
                "a list with commas, of which each entry is \(expected.phrase(in: language))",
                "以逗号分隔的列表，其中每一项是\(expected.phrase(in: language))"
            )
        }
    }

    private func text(_ length: ClosedRange<Int>, in language: Language) -> String {
        let (least, most) = (length.lowerBound, length.upperBound)
        return language.choose("a string of \(least) to \(most) characters", " \(least) 至 \(most) 个字符的字符串")
    }

    private func oneOf(_ values: [String], in language: Language) -> String {
        language.choose("one of " + values.joined(separator: ", "), "以下之一：" + values.joined(separator: "、"))
    }

    private func integer(_ range: ClosedRange<Int>, in language: Language) -> String {
        let (least, most) = (range.lowerBound, range.upperBound)
        guard most < Int.max else {
            return language.choose("an integer of at least \(least)", "不小于 \(least) 的整数")
        }
        return language.choose("an integer from \(least) to \(most)", " \(least) 至 \(most) 的整数")
    }

    private func status(in language: Language) -> String {
        let integer = integer(Status.range, in: language)
        return language.choose("\(integer), as a number or as decimal text", "\(integer)（数字或十进制文本）")
    }

    private func extraParams(in language: Language) -> String {
        let (most, length) = (ExtraParams.countMax, Limits.extraParam.upperBound)
        return language.choose(
            "a string or an array of up to \(most) strings, each of up to \(length) characters",
            "字符串或最多 \(most) 个字符串的数组，每个字符串最多 \(length) 个字符"
        )
    }
}
