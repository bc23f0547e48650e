/// Classes of ASCII characters.
extension UInt8 {
    public var isDigit: Bool {
        self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9")
    }

    public var isLetter: Bool {
        let lowercase = self | 0x20
        return lowercase >= UInt8(ascii: "a") && lowercase <= UInt8(ascii: "z")
    }

    public var isLetterOrDigit: Bool {
        isLetter || isDigit
    }

    /// Whether this is a space or a tab, which HTTP allows around the parts of a field's value (RFC 9110 §5.6.3).
    public var isBlank: Bool {
        self == UInt8(ascii: " ") || self == UInt8(ascii: "\t")
    }
}

extension Substring.UTF8View {
    /// The text without leading and trailing spaces and tabs.
    public var trimmingBlanks: Substring.UTF8View {
        var text = self
        while text.first?.isBlank == true { text.removeFirst() }
        while text.last?.isBlank == true { text.removeLast() }
        return text
    }
}
