/// Hexadecimal digits.
public enum Hex {
    /// The lower-case digit of a number below 16.
    public static func digit(_ number: UInt8) -> UInt8 {
        number < 10 ? UInt8(ascii: "0") + number : UInt8(ascii: "a") + number - 10
    }

    /// The value of a digit in upper or lower case; nil for any other byte.
    public static func number(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension [UInt8] {
    /// Appends a number as 16 lower-case digits, most significant first.
    public mutating func append(hex number: UInt64) {
        append(addingCapacity: 16) { digits in
            for shift in stride(from: 60, through: 0, by: -4) {
                digits.append(Hex.digit(UInt8(truncatingIfNeeded: number &>> UInt64(shift)) & 0xF))
            }
        }
    }
}
