import Bytes
import Testing

struct DecimalTests {
    @Test(arguments: [
        ("0", 0), ("7", 7), ("007", 7), ("1234567890", 1_234_567_890), ("9223372036854775807", Int.max),
        ("00000000000000000000000000009223372036854775807", Int.max),
    ])
    func readsDigits(text: String, number: Int) {
        #expect(Int(digits: text) == number)
        #expect(Int(digits: text[...]) == number)
    }

    @Test(arguments: [
        "", "+1", "-1", "-0", " 1", "1 ", "1_000", "1.0", "0x1", "a", "1a", "１", "١", "1\u{301}", "1\0",
        "9223372036854775808", "18446744073709551616", String(repeating: "9", count: 400),
    ])
    func refusesAnythingElse(text: String) {
        #expect(Int(digits: text) == nil)
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 101, 1_234_567_890, .max, -1, -9, -10, -100, .min])
    func writesDigits(number: Int) {
        var bytes = Array("x".utf8)
        bytes.append(decimal: number)
        #expect(String(decoding: bytes, as: UTF8.self) == "x\(number)")
    }
}
