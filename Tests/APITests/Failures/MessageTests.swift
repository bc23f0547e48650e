import Testing
import Wording
import Works

@testable import API

/// The messages for clients, in both languages.
struct MessageTests {
    @Test(arguments: FailureSample.failures, Language.allCases)
    func namesWhatItIsAbout(sample: FailureSample, language: Language) {
        let message = sample.failure.message(in: language)
        for word in sample.holds {
            #expect(message.contains(word), "\(word) in: \(message)")
        }
        #expect(!message.contains("hush"), "causes are for the log")
    }

    @Test(arguments: FailureSample.failures)
    func englishIsWholeSentencesInASCII(sample: FailureSample) {
        expectEnglish(sample.failure.message(in: .english))
    }

    @Test(arguments: FailureCode.allCases)
    func everyCodeHasAMessageInBothLanguages(code: FailureCode) {
        expectEnglish(code.message(in: .english))
        expectChinese(code.message(in: .chinese))
    }

    @Test(arguments: FailureSample.failures)
    func chineseHoldsNoEnglishBeyondNames(sample: FailureSample) {
        expectChinese(sample.failure.message(in: .chinese))
    }

    @Test(arguments: Language.allCases)
    func noTwoFailuresHaveTheSameMessage(language: Language) {
        let messages = FailureSample.failures.map { $0.failure.message(in: language) }
        for (message, all) in Dictionary(grouping: messages, by: \.self) {
            #expect(all.count == 1, "\(message)")
        }
    }

    @Test(arguments: Language.allCases)
    func noTwoCodesHaveTheSameMessage(language: Language) {
        let messages = Set(FailureCode.allCases.map { $0.message(in: language) })
        #expect(messages.count == FailureCode.allCases.count)
    }

    @Test(
        arguments: [
            (
                .refused(.field("name", .required(.text(1...255)))),
                "The field 'name' is missing or blank; send a string of 1 to 255 characters.",
                "字段 'name' 缺失或为空；必须是 1 至 255 个字符的字符串。"
            ),
            (
                .refused(.field("description", .required(.text(0...4096)))),
                "The field 'description' is missing or null; send a string of 0 to 4096 characters.",
                "字段 'description' 缺失或为 null；必须是 0 至 4096 个字符的字符串。"
            ),
            (
                .refused(.field("name", .blank(.text(1...255)))),
                "The field 'name' is only white space; "
                    + "send a string of 1 to 255 characters, at least one of them visible.",
                "字段 'name' 只有空白字符；必须是 1 至 255 个字符的字符串，且至少含有一个非空白字符。"
            ),
            (
                .refused(.field("status", .not(.status))),
                "The field 'status' is not acceptable; "
                    + "send an integer from 0 to 7, as a number or as decimal text.",
                "字段 'status' 的值不被接受；必须是 0 至 7 的整数（数字或十进制文本）。"
            ),
            (
                .parameterRefused("limit", .not(.integer(0...1000))),
                "The query parameter 'limit' is not acceptable; send an integer from 0 to 1000.",
                "查询参数 'limit' 的值不被接受；必须是 0 至 1000 的整数。"
            ),
            (
                .parameterRefused("run_frequency", .not(.list(.oneOf(["once", "daily"])))),
                "The query parameter 'run_frequency' is not acceptable; "
                    + "send a comma-separated list of values, each one of once, daily.",
                "查询参数 'run_frequency' 的值不被接受；必须是以逗号分隔的列表，其中每一项是以下之一：once、daily。"
            ),
            (
                .refused(.unknownField("colour", accepted: ["status", "ended_at"])),
                "The field 'colour' is unknown; accepted names: status, ended_at.",
                "字段 'colour' 未知；可接受的有 status, ended_at。"
            ),
        ] as [(Failure, String, String)]
    )
    func readsAsOneSentence(failure: Failure, english: String, chinese: String) {
        #expect(failure.message(in: .english) == english)
        #expect(failure.message(in: .chinese) == chinese)
    }

    @Test(arguments: Language.allCases)
    func clipsALongName(language: Language) {
        let head = String(repeating: "名", count: 64)
        let whole = Failure.parameterUnknown(head, accepted: []).message(in: language)
        let clipped = Failure.parameterUnknown(head + "字字", accepted: []).message(in: language)
        #expect(whole.contains("'\(head)'"))
        #expect(clipped.contains("'\(head)…'"))
        #expect(!clipped.contains("字字"))
    }

    private func expectEnglish(_ message: String) {
        #expect(message.utf8.allSatisfy { $0 < 0x80 }, "\(message)")
        #expect(message.first?.isUppercase == true && message.last == ".", "\(message)")
        #expect(!message.contains("  ") && !message.contains(".."), "\(message)")
    }

    private func expectChinese(_ message: String) {
        #expect(message.last == "。", "\(message)")
        #expect(message.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(message)")
        #expect(!message.contains("  "), "\(message)")
        #expect(englishWords(in: message).subtracting(Self.names) == [], "\(message)")
    }

    /// The Latin words outside quotes and paths.
    private func englishWords(in message: String) -> Set<String> {
        let unquoted = message.split(separator: "'", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset.isMultiple(of: 2) }.map { String($0.element) }.joined(separator: " ")
        let words = unquoted.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "_/-+.:*".contains($0))) }
        return Set(words.map(String.init).filter { word in word.contains { $0.isLetter } && !word.hasPrefix("/") })
    }

    /// Words that are the same in every language: formats, units, headers, methods and the API's own names.
    private static let names: Set<String> = [
        "JSON", "UTF-8", "HTTP", "HTTP/1.0", "HTTP/1.1", "URI", "ID", "ISO", "ASCII", "MiB", "KiB", "U+0000",
        "GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "multipart/*", "application/json", "A-Z", "a-z",
        "2021-12-01T16:53:34Z", "WORKS_ORIGINS", "WORKS_HOSTS", "work_id", "task_id", "STREAMING", "BATCH", "once",
        "daily", "null",
        "name", "status", "limit", "offset", "ended_at",
    ]
}
