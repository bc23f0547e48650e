import Testing

import Secrets

/// The test vectors of RFC 4648 without their padding, and one text for each value.
struct Base64URLTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func agreesWithTheStandard(plain: String, encoded: String) {
        #expect(Base64URL.text(Array(plain.utf8)) == encoded)
        #expect(Base64URL.bytes(encoded) == Array(plain.utf8))
    }

    @Test func hasTheAlphabetForURLs() {
        #expect(Base64URL.text([0xFB, 0xFF, 0xBF]) == "-_-_")
        #expect(Base64URL.bytes("-_-_") == [0xFB, 0xFF, 0xBF])
    }

    @Test func readsEveryByteBack() {
        for count in 1...3 {
            for byte in UInt8.min...UInt8.max {
                let bytes = [UInt8](repeating: byte, count: count)
                #expect(Base64URL.bytes(Base64URL.text(bytes)) == bytes)
            }
        }
    }

    @Test(arguments: ["A", "AAAAA", "Zh", "Zm9", "Zg==", "Z g", "Zg\n", "+/+/", "é", "Zg\0"])
    func refusesEveryOtherText(text: String) {
        #expect(Base64URL.bytes(text) == nil)
    }
}
