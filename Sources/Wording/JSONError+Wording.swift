public import JSON

/// The message for a body that is not a valid JSON object.
extension JSONError {
    public func message(in language: Language) -> String {
        switch self {
        case .empty:
            language.choose("The body is empty; send a JSON object.", "请求体为空；必须是 JSON 对象。")
        case .notUTF8:
            language.choose(
                "The body is not valid UTF-8; send a JSON object in UTF-8.",
                "请求体不是有效的 UTF-8；必须是 UTF-8 编码的 JSON 对象。"
            )
        case .notAnObject:
            language.choose("The body is JSON but not an object; send a JSON object.", "请求体是 JSON 但不是对象；必须是 JSON 对象。")
        case .tooDeep(let max):
            language.choose(
                "The body is nested too deeply; at most \(max) levels of arrays and objects are accepted.",
                "请求体嵌套过深；最多接受 \(max) 层数组和对象。"
            )
        case .tooManyValues(let max):
            language.choose(
                "The body has too many values; at most \(max) are accepted.",
                "请求体中的值过多；最多接受 \(max) 个。"
            )
        case .repeatedKey:
            language.choose(
                "An object in the body repeats a key; send each key once.",
                "请求体中的对象有重复的键；每个键只接受一次。"
            )
        case .nulInKey:
            language.choose(
                "A key in the body contains the character U+0000; every other character is accepted.",
                "请求体中的键含有字符 U+0000；接受除此以外的字符。"
            )
        case .numberOutOfRange:
            language.choose(
                "A number in the body is out of range; 64-bit integers and finite doubles are accepted.",
                "请求体中的数字超出范围；接受 64 位整数和有限的双精度数。"
            )
        case .malformed(let line, let column):
            language.choose(
                "The body is not valid JSON at line \(line), column \(column); send a JSON object.",
                "请求体不是格式正确的 JSON：见第 \(line) 行第 \(column) 列；必须是 JSON 对象。"
            )
        }
    }
}
