extension String {
    /// The text as a message or a log can show it: one line, without control characters, of limited length.
    ///
    /// Control characters would move the cursor of a terminal, or begin another line of a log.
    public var printable: String {
        let isCut = unicodeScalars.count > Self.printableMax
        var text = ""
        for scalar in unicodeScalars.prefix(Self.printableMax) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: text += "?"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return isCut ? text + "…" : text
    }

    private static let printableMax = 300
}
