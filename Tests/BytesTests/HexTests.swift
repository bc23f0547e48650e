import Bytes
import Testing

struct HexTests {
    @Test func writesLowerCaseDigits() {
        #expect((UInt8(0)..<16).map(Hex.digit) == Array("0123456789abcdef".utf8))
    }

    @Test func readsDigitsOfEitherCase() {
        var numbers: [UInt8: UInt8] = [:]
        for (number, digit) in "0123456789abcdef".utf8.enumerated() { numbers[digit] = UInt8(number) }
        for (number, digit) in "0123456789ABCDEF".utf8.enumerated() { numbers[digit] = UInt8(number) }
        #expect(numbers.count == 22)
        for byte in UInt8.min...(.max) { #expect(Hex.number(byte) == numbers[byte]) }
    }

    @Test(
        arguments: [
            (0, "0000000000000000"), (1, "0000000000000001"), (0x0123_4567_89AB_CDEF, "0123456789abcdef"),
            (0xFEDC_BA98_7654_3210, "fedcba9876543210"), (.max, "ffffffffffffffff"),
        ] as [(UInt64, String)]
    )
    func writesSixteenDigitsForANumber(number: UInt64, digits: String) {
        var bytes = Array("x".utf8)
        bytes.append(hex: number)
        #expect(String(decoding: bytes, as: UTF8.self) == "x" + digits)
    }
}
