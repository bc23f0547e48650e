import HTTP
import Testing

struct QueryTests {
    private func pairs(_ text: String?) throws -> [[String]] {
        try Query(text).parameters.map { [$0.name, $0.value] }
    }

    @Test(
        arguments: [
            ("a=1", [["a", "1"]]),
            ("a=1&b=2", [["a", "1"], ["b", "2"]]),
            ("b=2&a=1&b=3", [["b", "2"], ["a", "1"], ["b", "3"]]),
            ("a", [["a", ""]]),
            ("a=", [["a", ""]]),
            ("=1", [["", "1"]]),
            ("a=b=c", [["a", "b=c"]]),
            ("a=1&&b=2&", [["a", "1"], ["b", "2"]]),
            ("&", []),
            ("a=1;b=2", [["a", "1;b=2"]]),
            ("a=?", [["a", "?"]]),
            ("a=x+y", [["a", "x y"]]),
            ("a=x%2By", [["a", "x+y"]]),
            ("a=%26%3D%25", [["a", "&=%"]]),
            ("n%61me=%E4%BD%9C%E4%B8%9A", [["name", "作业"]]),
            ("a=%f0%9F%98%80", [["a", "😀"]]),
            ("a=%00", [["a", "\0"]]),
            ("a=\u{301}b&c=1", [["a", "\u{301}b"], ["c", "1"]]),
            ("a=1&\u{301}=2", [["a", "1"], ["\u{301}", "2"]]),
            ("a\u{301}=1", [["a\u{301}", "1"]]),
            ("a=%CC%81b", [["a", "\u{301}b"]]),
            ("limit=10,20", [["limit", "10,20"]]),
        ] as [(String, [[String]])]
    )
    func isDecodedAsAForm(text: String, expected: [[String]]) throws {
        #expect(try pairs(text) == expected)
    }

    @Test(arguments: [nil, ""] as [String?])
    func mayBeAbsent(text: String?) throws {
        #expect(try pairs(text).isEmpty)
    }

    @Test(arguments: [
        "a=%", "a=%4", "a=%4g", "a=%g4", "a=%%41", "%=1", "%zz=1", "a=1&b=%", "a=%FF", "a=%C3", "a=%C3x", "a=%C0%80",
        "a=%ED%A0%80", "a=%F4%90%80%80", "a=%+1", "a=%-1",
    ])
    func refusesWhatCannotBeDecoded(text: String) {
        #expect(throws: Query.Malformed.self) { try Query(text) }
    }
}
