extension Int {
    /// Reads ASCII digits and nothing else: no sign, no blank; nil for any other text, and for a number beyond `Int`.
    package init?(digits text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else { return nil }
        self.init(text)
    }
}

extension [UInt8] {
    /// Appends the decimal digits of a number, without a string in between.
    package mutating func append(decimal number: Int) {
        let magnitude = number.magnitude
        if number < 0 { append(UInt8(ascii: "-")) }
        var unit: UInt = 1
        while magnitude / unit >= 10 { unit *= 10 }
        while unit > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude / unit % 10))
            unit /= 10
        }
    }
}
