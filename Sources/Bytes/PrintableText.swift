extension String {
    /// The text as a message or a log can show it: one line, without control characters, of limited length.
    ///
    /// Control characters would move the cursor of a terminal, or begin another line of a log.
    public func printable(upTo countMax: Int = 300) -> String {
        var text = ""
        for scalar in unicodeScalars.prefix(countMax) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: text += "?"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return unicodeScalars.count > countMax ? text + "…" : text
    }
}
