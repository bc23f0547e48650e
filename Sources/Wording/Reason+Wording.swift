public import Works

/// The predicate of a sentence about a field or parameter: what is wrong with it and what to send instead.
extension Refusal.Reason {
    public func predicate(in language: Language) -> String {
        switch self {
        case .required(.text(let length)) where length.lowerBound == 0:
            // The empty text is accepted: a description may be blank, but a create request must send it.
            language.choose(
                "is missing or null; send \(Expected.text(length).phrase(in: language)).",
                "缺失或为 null；必须是\(Expected.text(length).phrase(in: language))。"
            )
        case .required(let expected):
            language.choose(
                "is missing or blank; send \(expected.phrase(in: language)).",
                "缺失或为空；必须是\(expected.phrase(in: language))。"
            )
        case .mustNotBeCleared(let expected):
            language.choose(
                "cannot be cleared; send \(expected.phrase(in: language)).",
                "不能清空；必须是\(expected.phrase(in: language))。"
            )
        case .not(let expected):
            language.choose(
                "is not acceptable; send \(expected.phrase(in: language)).",
                "的值不被接受；必须是\(expected.phrase(in: language))。"
            )
        case .blank(let expected):
            language.choose(
                "is only white space; send \(expected.phrase(in: language)), at least one of them visible.",
                "只有空白字符；必须是\(expected.phrase(in: language))，且至少含有一个非空白字符。"
            )
        case .tooLong(let max):
            language.choose("is too long; send at most \(max) characters.", "过长；最多接受 \(max) 个字符。")
        case .holdsNUL:
            language.choose(
                "contains the character U+0000; every other character is accepted.",
                "含有字符 U+0000；接受除此以外的字符。"
            )
        case .tooMany(let max):
            language.choose("has too many elements; send at most \(max).", "元素过多；最多接受 \(max) 个。")
        case .inTheFuture: inTheFuture(in: language)
        case .before(let other):
            language.choose("is before '\(other)'; it must not be earlier.", "早于 '\(other)'；必须与其相同或更晚。")
        case .after(let other):
            language.choose("is after '\(other)'; it must not be later.", "晚于 '\(other)'；必须与其相同或更早。")
        case .repeated:
            language.choose("is used more than once; each must be unique.", "重复出现；每个值必须唯一。")
        }
    }

    private func inTheFuture(in language: Language) -> String {
        let minutes = Timestamp.leadMax.components.seconds / 60
        return language.choose(
            "is too far in the future; it may be at most \(minutes) minutes ahead of the service's clock.",
            "是过远的将来；最多接受比服务时钟晚 \(minutes) 分钟的时间。"
        )
    }
}
