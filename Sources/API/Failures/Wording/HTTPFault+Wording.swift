import HTTP
import Wording

/// What a client is told about a request that is not well-formed HTTP.
extension HTTPFault {
    func message(in language: Language) -> String {
        switch self {
        case .headerMalformed:
            language.choose(
                "A header is malformed or contains a control character; send each field as one line of visible text.",
                "请求头格式错误，或含有控制字符；每个字段只接受单行可见文本。"
            )
        case .bodyLengthUnclear:
            language.choose(
                "The length of the body is unclear; send either one 'Content-Length' or 'Transfer-Encoding: chunked'.",
                "请求体长度不明确；只接受 'Content-Length' 或 'Transfer-Encoding: chunked' 之一。"
            )
        case .hostRepeated:
            language.choose("The header 'Host' is repeated; send it once.", "请求头 'Host' 重复出现；只接受一次。")
        case .targetMalformed:
            language.choose(
                "The request target is malformed; it must be a path that begins with '/', optionally with a query.",
                "请求目标格式错误；必须是以 '/' 开头的路径，可带查询字符串。"
            )
        case .targetTooLong, .headersTooLarge, .bodyTooLarge, .overloaded:
            Failure(self).code.message(in: language)
        }
    }
}
