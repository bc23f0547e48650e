extension Int {
    /// Reads one or more ASCII digits, without sign or blanks; nil for any other text and for a number beyond `Int`.
    public init?(digits text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else { return nil }
        self.init(text)
    }
}

extension [UInt8] {
    /// Appends a number in decimal digits, with a `-` if it is negative; allocates no `String`.
    public mutating func append(decimal number: Int) {
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
