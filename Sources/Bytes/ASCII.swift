/// What a byte is as an ASCII character.
extension UInt8 {
    package var isDigit: Bool {
        self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9")
    }

    package var isLetter: Bool {
        let lowercase = self | 0x20
        return lowercase >= UInt8(ascii: "a") && lowercase <= UInt8(ascii: "z")
    }

    package var isLetterOrDigit: Bool {
        isLetter || isDigit
    }

    /// A space or a tab, which HTTP allows around the parts of a field's value (RFC 9110 §5.6.3).
    package var isBlank: Bool {
        self == UInt8(ascii: " ") || self == UInt8(ascii: "\t")
    }
}

extension Substring.UTF8View {
    /// The text without the spaces and tabs at its ends.
    package var trimmingBlanks: Substring.UTF8View {
        var text = self
        while text.first?.isBlank == true { text.removeFirst() }
        while text.last?.isBlank == true { text.removeLast() }
        return text
    }
}
