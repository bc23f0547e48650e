import JSON
import Testing
import Works

/// The parameters as they go out.
struct ExtraParamsTests {
    @Test(arguments: [
        (["a"], #"["a"]"#),
        (["a", "b"], #"["a","b"]"#),
        ([""], #"[""]"#),
        (["", ""], #"["",""]"#),
        (["-Doptions fdfdf"], #"["-Doptions fdfdf"]"#),
        (["a,b", "c d"], #"["a,b","c d"]"#),
        (["\"", "\\", "\n", "\u{1}"], #"["\"","\\","\n","\u0001"]"#),
        (["参数 😀"], #"["参数 😀"]"#),
    ])
    func areAnArrayOfTexts(params: [String], json: String) throws {
        let extraParams = try #require(ExtraParams(params))
        #expect(extraParams.json == json)
        #expect(ExtraParams(json: json) == extraParams)
    }

    @Test func areNilForAnEmptyArray() {
        #expect(ExtraParams([]) == nil)
    }

    @Test func differInTheirBytes() {
        #expect(ExtraParams(["é"]) == ExtraParams(["é"]))
        #expect(ExtraParams(["\u{e9}"]) != ExtraParams(["e\u{301}"]))
        #expect(ExtraParams(["a", "b"]) != ExtraParams(["b", "a"]))
        #expect(ExtraParams(["a"]) != ExtraParams(["a", ""]))
    }
}
