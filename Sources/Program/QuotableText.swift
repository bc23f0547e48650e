import Bytes

extension String {
    /// The text as a message may quote it: printable, and with `***` for what may be the password of a URL.
    ///
    /// A URL with a password can be anywhere: the value of another flag, or a word that no program expects. So every
    /// message that quotes an argument or a variable quotes it like this.
    public var quotable: String {
        withoutPassword.printable()
    }

    private var withoutPassword: String {
        let afterScheme = firstRange(of: "://")?.upperBound
        if let at = lastIndex(of: "@") {
            let start = afterScheme.map { $0 <= at ? $0 : startIndex } ?? startIndex
            let user = self[start..<at].firstIndex(of: ":").map { self[start...$0] } ?? ""
            return self[..<start] + user + "***" + self[at...]
        }
        // The host may have been forgotten.
        if let afterScheme, let colon = self[afterScheme...].firstIndex(of: ":") { return self[...colon] + "***" }
        return self
    }
}
