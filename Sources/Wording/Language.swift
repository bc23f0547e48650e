/// The language of a message.
public enum Language: Sendable, CaseIterable {
    case english
    case chinese

    /// Returns the text in this language; the other one is not composed.
    public func choose(_ english: @autoclosure () -> String, _ chinese: @autoclosure () -> String) -> String {
        switch self {
        case .english: english()
        case .chinese: chinese()
        }
    }
}
