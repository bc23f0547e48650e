import Bytes
import TestSupport
import Testing

struct PercentTests {
    @Test func leavesPlainTextAlone() {
        #expect(Percent.decode("abc-._~/?") == "abc-._~/?")
        #expect(Percent.decode("") == "")
        #expect(Percent.decode("a+b") == "a+b")
        #expect(Percent.decode("a+b", plusIsSpace: true) == "a b")
    }

    @Test func readsEveryByteOfASCII() {
        for byte in UInt8(0)..<128 {
            let escape = Substring("%" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            let expected = String(decoding: [byte], as: UTF8.self)
            #expect(Percent.decode(escape) == expected)
            #expect(Percent.decode(Substring(escape.uppercased())) == expected)
        }
    }

    @Test(arguments: ["%", "%1", "%1x", "%x1", "a%", "%e4%bd", "%80", "%FE", "%c1%81", "%G0", "% 1", "%é"])
    func refusesMalformedEscapes(text: String) {
        #expect(Percent.decode(Substring(text)) == nil)
    }

    @Test func escapesAllButTheUnreserved() {
        let unreserved = "ABCXYZabcxyz0189-._~"
        #expect(Percent.encode(unreserved) == unreserved)
        #expect(Percent.encode(" +&=%/?#\u{7f}\0") == "%20%2B%26%3D%25%2F%3F%23%7F%00")
        #expect(Percent.encode("作é") == "%E4%BD%9C%C3%A9")
    }

    @Test func readsBackWhatItWrites() {
        var random = SeededRandom(3)
        for _ in 0..<500 {
            let scalars = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)) ?? "%"
            }
            let text = String(String.UnicodeScalarView(scalars))
            let encoded = Percent.encode(text)
            #expect(Percent.decode(Substring(encoded)).map { Array($0.utf8) } == Array(text.utf8))
            #expect(Percent.decode(Substring(encoded), plusIsSpace: true).map { Array($0.utf8) } == Array(text.utf8))
        }
    }
}
