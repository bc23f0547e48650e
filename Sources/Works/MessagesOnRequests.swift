/// What is said of a body that is not the JSON object it must be.
extension BodyComplaint {
    func message(in language: Language) -> String {
        switch self {
        case .empty:
            language.choose("The body is empty; it must be a JSON object.", "请求体为空；必须是 JSON 对象。")
        case .notUTF8:
            language.choose(
                "The body is not valid UTF-8; it must be a JSON object in UTF-8.",
                "请求体不是有效的 UTF-8；必须是 UTF-8 编码的 JSON 对象。"
            )
        case .notAnObject:
            language.choose("The body is JSON but no object; it must be a JSON object.", "请求体是 JSON 但不是对象；必须是 JSON 对象。")
        case .tooDeep(let max):
            language.choose(
                "The body nests too deep; up to \(max) levels of arrays and objects are accepted.",
                "请求体嵌套过深；最多接受 \(max) 层数组和对象。"
            )
        case .repeatedKey:
            language.choose(
                "An object in the body has a key more than once; each is accepted once.",
                "请求体中的对象有重复的键；每个键只接受一次。"
            )
        case .nulInKey:
            language.choose(
                "A key in the body holds the character U+0000; all others are accepted.",
                "请求体中的键含有字符 U+0000；接受除此以外的字符。"
            )
        case .numberOutOfRange:
            language.choose(
                "A number in the body is out of range; integers of 64 bits and finite doubles are accepted.",
                "请求体中的数字超出范围；接受 64 位整数和有限的双精度数。"
            )
        case .malformed(let line, let column):
            language.choose(
                "The body is not well-formed JSON: see line \(line), column \(column); it must be a JSON object.",
                "请求体不是格式正确的 JSON：见第 \(line) 行第 \(column) 列；必须是 JSON 对象。"
            )
        }
    }
}

/// What is said of a request that is not the HTTP it must be.
extension RequestComplaint {
    func message(in language: Language) -> String {
        switch self {
        case .idempotencyKey:
            language.choose(
                "The header 'Idempotency-Key' is malformed; it must be 1 to 255 printable ASCII characters.",
                "请求头 'Idempotency-Key' 格式错误；必须是 1 至 255 个可打印的 ASCII 字符。"
            )
        case .lengthAndEncoding:
            language.choose(
                "The length of the body is unclear; either 'Content-Length' or 'Transfer-Encoding: chunked' is accepted.",
                "请求体长度不明确；只接受 'Content-Length' 或 'Transfer-Encoding: chunked' 之一。"
            )
        case .headerBytes:
            language.choose(
                "A header holds a control character or is folded over lines; one line of visible text is accepted.",
                "请求头含有控制字符或跨行折叠；只接受单行可见文本。"
            )
        case .method:
            language.choose(
                "The method is unknown; GET, HEAD, POST, PATCH, DELETE and OPTIONS are accepted.",
                "未知的请求方法；接受 GET、HEAD、POST、PATCH、DELETE 和 OPTIONS。"
            )
        case .target:
            language.choose(
                "The request target is malformed; it must be a path that begins with '/', and perhaps a query.",
                "请求目标格式错误；必须是以 '/' 开头的路径，可带查询字符串。"
            )
        case .version:
            language.choose(
                "The HTTP version is not accepted; HTTP/1.1 and HTTP/1.0 are.",
                "不接受该 HTTP 版本；接受 HTTP/1.1 和 HTTP/1.0。"
            )
        }
    }
}
