import Testing
import Works

/// When two values of a field are the same to a client.
struct FieldValueTests {
    @Test(
        arguments: [
            (.text(nil), .text(""), true), (.text("a"), .text("a"), true), (.text("a"), .text("b"), false),
            (.text("a"), .text(nil), false), (.text("\u{E9}"), .text("e\u{301}"), false),
            (.number(0), .number(0), true), (.number(0), .number(1), false),
            (.time(now), .time(now), true), (.time(nil), .time(nil), true), (.time(now), .time(nil), false),
            (.time(now), .time(now.advanced(milliseconds: 700)), true),
            (.time(now), .time(now.advanced(milliseconds: 750)), false),
            (.extraParams(nil), .extraParams(nil), true),
            (.extraParams(ExtraParams([""])), .extraParams(nil), false),
            (.extraParams(ExtraParams(["a", "b"])), .extraParams(ExtraParams(["a", "b"])), true),
            (.extraParams(ExtraParams(["a b"])), .extraParams(ExtraParams(["a", "b"])), false),
            (.text(nil), .time(nil), false), (.text(nil), .extraParams(nil), false), (.text("0"), .number(0), false),
        ] as [(FieldValue, FieldValue, Bool)]
    )
    func isTheSameIfItReadsTheSame(left: FieldValue, right: FieldValue, isSame: Bool) {
        #expect((left == right) == isSame)
        #expect((right == left) == isSame)
    }
}
