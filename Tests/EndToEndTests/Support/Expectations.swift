import TestSupport
import Testing

/// Expects success in the documented shape and returns the value of `data`.
@discardableResult
func expectSuccess(_ answer: Answer, sourceLocation: SourceLocation = #_sourceLocation) throws -> Value {
    try #require(answer.status == 200, "\(answer)", sourceLocation: sourceLocation)
    let json = try Value(parsing: answer.text)
    #expect(json.keys == ["code", "data"] || json.keys == ["code"], "\(answer)", sourceLocation: sourceLocation)
    #expect(json["code"] == 0, "\(answer)", sourceLocation: sourceLocation)
    expectCommonHeaders(answer, sourceLocation: sourceLocation)
    return json["data"]
}

/// Expects the refusal `code` in the documented shape and all of `words` in its message; returns the message.
@discardableResult
func expectRefusal(
    _ code: Int,
    _ answer: Answer,
    saying words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
) -> String {
    #expect(answer.status == code / 1000, "\(answer)", sourceLocation: sourceLocation)
    #expect(answer.json.keys == ["code", "msg"], "\(answer)", sourceLocation: sourceLocation)
    #expect(answer.text.hasPrefix("{\"code\":\(code),\"msg\":\""), "\(answer)", sourceLocation: sourceLocation)
    expectCommonHeaders(answer, sourceLocation: sourceLocation)
    if code == 405_100 { #expect(answer["Allow"] != nil, "\(answer)", sourceLocation: sourceLocation) }
    if code / 1000 == 503 { #expect(answer["Retry-After"] != nil, "\(answer)", sourceLocation: sourceLocation) }
    let message = answer.json["msg"].string ?? ""
    #expect(!message.isEmpty, "\(answer)", sourceLocation: sourceLocation)
    for word in words { #expect(message.contains(word), "\(answer)", sourceLocation: sourceLocation) }
    return message
}

/// Expects the headers that every answer with a JSON body carries.
func expectCommonHeaders(_ answer: Answer, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(answer.all("Content-Type") == ["application/json"], "\(answer)", sourceLocation: sourceLocation)
    #expect(answer.all("X-Request-Id").count == 1, "\(answer)", sourceLocation: sourceLocation)
    #expect(answer.all("X-Worker").count == 1, "\(answer)", sourceLocation: sourceLocation)
    #expect(answer.all("X-Content-Type-Options") == ["nosniff"], "\(answer)", sourceLocation: sourceLocation)
    #expect(
        answer.all("Cross-Origin-Resource-Policy") == ["same-origin"],
        "\(answer)",
        sourceLocation: sourceLocation
    )
    #expect(!answer.headers.contains { $0.name.hasPrefix("Access-Control-") }, sourceLocation: sourceLocation)
}

/// Twelve random letters, for names that no other test uses.
func unique() -> String {
    String((0..<12).map { _ in "abcdefghijklmnopqrstuvwxyz".randomElement() ?? "x" })
}
